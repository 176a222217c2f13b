package cost

import (
	"crypto/sha256"
	"sync/atomic"
)

// Store holds the catalog in use and swaps it when its files change. Load is safe for concurrent use with
// everything; Reload is for one goroutine at a time.
type Store struct {
	settings Settings
	paths    []string
	current  atomic.Pointer[Catalog]
	sum      [sha256.Size]byte // of the files in use
	failed   [sha256.Size]byte // of the files, or of the error of reading them, that failed last
}

// NewStore compiles the first catalog of the settings, with the files at paths in place of Settings.Files.
func NewStore(s Settings, paths []string) (st *Store, warnings []string, err error) {
	files, err := ReadFiles(paths)
	if err != nil {
		return nil, nil, err
	}
	s.Files = files
	c, warnings, err := New(s)
	if err != nil {
		return nil, warnings, err
	}
	st = &Store{settings: s, paths: paths, sum: checksum(files)}
	st.settings.Files = nil
	st.current.Store(c)
	return st, warnings, nil
}

// Load returns the catalog in use.
func (s *Store) Load() *Catalog { return s.current.Load() }

// Outcome is what became of a reload.
type Outcome uint8

// The outcomes.
const (
	ReloadUnchanged   Outcome = iota // the files are as they were
	ReloadSwapped                    // a new catalog is in use
	ReloadFailed                     // the old catalog stays; see the error
	ReloadFailedAgain                // as before: the error need not be logged again
)

// String returns the name of the outcome for telemetry: unchanged, success or error.
func (o Outcome) String() string { return word(o, []string{"unchanged", "success", "error", "error"}) }

// Reload reads the files again and, if their content changed, compiles it and swaps the catalog, whose match
// cache is empty. On any error the old one stays.
func (s *Store) Reload() (o Outcome, warnings []string, err error) {
	files, err := ReadFiles(s.paths)
	if err != nil {
		return s.fail(sha256.Sum256([]byte(err.Error()))), nil, err
	}
	sum := checksum(files)
	if sum == s.sum {
		s.failed = [sha256.Size]byte{}
		return ReloadUnchanged, nil, nil
	}
	settings := s.settings
	settings.Files = files
	c, warnings, err := New(settings)
	if err != nil {
		return s.fail(sum), warnings, err
	}
	s.sum, s.failed = sum, [sha256.Size]byte{}
	s.current.Store(c)
	return ReloadSwapped, warnings, nil
}

func (s *Store) fail(what [sha256.Size]byte) Outcome {
	if s.failed == what {
		return ReloadFailedAgain
	}
	s.failed = what
	return ReloadFailed
}

// checksum tells files apart by their contents and their order.
func checksum(files []File) [sha256.Size]byte {
	var all []byte
	for i := range files {
		one := sha256.Sum256(files[i].Data)
		all = append(all, one[:]...)
	}
	return sha256.Sum256(all)
}
