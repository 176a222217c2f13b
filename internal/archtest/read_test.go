package archtest

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// read reads the head of every Go file below the root, except what the go command skips too: testdata,
// vendor, and folders that begin with a dot or an underscore.
func read(fsys fs.FS) (tree, error) {
	var t tree
	modules := map[string]bool{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && skipped(name):
			return fs.SkipDir
		case d.Name() == "go.mod":
			modules[path.Dir(name)] = true
		case strings.HasSuffix(name, ".go"):
			f, err := head(fsys, name)
			if err != nil {
				return err
			}
			t.files = append(t.files, f)
		}
		return nil
	})
	if err != nil {
		return tree{}, err
	}
	for i, f := range t.files {
		t.files[i].module = moduleOf(f.dir, modules)
	}
	t.root, err = modulePath(fsys)
	return t, err
}

func skipped(dir string) bool {
	base := path.Base(dir)
	return base == "testdata" || base == "vendor" || dir != "." && strings.ContainsAny(base[:1], "._")
}

func head(fsys fs.FS, name string) (source, error) {
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return source{}, err
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
	if err != nil {
		return source{}, err
	}
	f := source{path: name, dir: path.Dir(name), pkg: file.Name.Name, test: strings.HasSuffix(name, "_test.go")}
	f.imports, err = importPaths(file)
	return f, err
}

func importPaths(file *ast.File) ([]string, error) {
	var paths []string
	for _, spec := range file.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, fmt.Errorf("import %s: %w", spec.Path.Value, err)
		}
		paths = append(paths, p)
	}
	return paths, nil
}

// moduleOf is the nearest folder at or above dir that holds a go.mod.
func moduleOf(dir string, modules map[string]bool) string {
	for dir != "." && !modules[dir] {
		dir = path.Dir(dir)
	}
	return dir
}

func modulePath(fsys fs.FS) (string, error) {
	text, err := fs.ReadFile(fsys, "go.mod")
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(text)) {
		if name, ok := strings.CutPrefix(line, "module "); ok {
			return strings.TrimSpace(name), nil
		}
	}
	return "", errors.New("go.mod names no module")
}
