package rig

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// killAfter is how long a child may take to end when asked to.
const killAfter = 10 * time.Second

// Command is a program to start.
type Command struct {
	// Name is for people.
	Name string
	// Dir is the folder to run in, "" for that of this program.
	Dir string
	// Log is the file for its output.
	Log string
	// Env is added to the environment of this program, less what is meant for other programs.
	Env []string
	// Args are the program and its arguments.
	Args []string
}

// Child is a program that runs beside this one, in a process group of its own:
// Ctrl-C reaches this program alone, which then ends its children in order.
// It is not safe for concurrent use, but for Done.
type Child struct {
	command Command
	cmd     *exec.Cmd
	done    chan struct{} // closed once it has ended
	err     error         // how; valid once done
	over    bool          // nothing of it is left to end
}

// Launch starts a child.
func Launch(c Command) (*Child, error) {
	log, err := os.Create(c.Log)
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()
	//nolint:noctx // it is asked to end first, and killed only if it does not
	cmd := exec.Command(c.Args[0], c.Args[1:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = c.Dir, log, log
	cmd.Env = append(slices.DeleteFunc(os.Environ(), meantForOthers), c.Env...)
	ownGroup(cmd)
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("%s did not start: %w", c.Name, err)
	}
	p := &Child{command: c, cmd: cmd, done: make(chan struct{})}
	go func() {
		defer close(p.done)
		p.err = cmd.Wait()
	}()
	return p, nil
}

// meantForOthers holds for variables that the user set for programs of his own
// and that would send the example's spans elsewhere.
func meantForOthers(variable string) bool { return strings.HasPrefix(variable, "OTEL_") }

// Done is closed once the child has ended.
func (p *Child) Done() <-chan struct{} { return p.done }

// Err says how the child ended: nil for exit code 0. It waits for that.
func (p *Child) Err() error {
	<-p.done
	return p.err
}

// Stop asks the child to end, and ends it and all that it started if it does
// not. Once that is done, further calls do nothing.
func (p *Child) Stop(ask os.Signal) {
	if p.over {
		return
	}
	select {
	case <-p.done:
	default:
		_ = p.cmd.Process.Signal(ask)
		select {
		case <-p.done:
		case <-time.After(killAfter):
		}
	}
	killGroup(p.cmd)
	<-p.done
	p.over = true
}

// Failure says in one line how the child ended, with the last it said.
func (p *Child) Failure() error {
	return fmt.Errorf("%s failed: %s (all it said: %s)", p.command.Name, p.lastWords(), p.command.Log)
}

// lastWords are the last line of the child's output, or how it ended. What make
// adds to the error of its command says nothing.
func (p *Child) lastWords() string {
	out, _ := os.ReadFile(p.command.Log)
	for _, line := range slices.Backward(strings.Split(string(out), "\n")) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "make") {
			return line
		}
	}
	if p.err != nil {
		return p.err.Error()
	}
	return "it ended without a word"
}
