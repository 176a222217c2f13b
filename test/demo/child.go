package main

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

// child is a program that runs beside this one, in a process group of its own:
// Ctrl-C reaches this program alone, which then ends its children in order.
// It is not safe for concurrent use.
type child struct {
	name string
	log  string
	cmd  *exec.Cmd
	done chan struct{} // closed once it has ended
	err  error         // how; valid once done
	over bool          // nothing of it is left to end
}

// command is a program to start.
type command struct {
	name string // for people
	dir  string // to run in; "" for that of this program
	log  string // file for its output
	env  []string
	args []string // the program and its arguments
}

// launch starts a child.
func launch(c command) (*child, error) {
	log, err := os.Create(c.log)
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()
	//nolint:noctx // it is asked to end first, and killed only if it does not
	cmd := exec.Command(c.args[0], c.args[1:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = c.dir, log, log
	cmd.Env = append(slices.DeleteFunc(os.Environ(), meantForOthers), c.env...)
	ownGroup(cmd)
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("%s did not start: %w", c.name, err)
	}
	p := &child{name: c.name, log: c.log, cmd: cmd, done: make(chan struct{})}
	go func() {
		defer close(p.done)
		p.err = cmd.Wait()
	}()
	return p, nil
}

// meantForOthers holds for variables that the user set for programs of his own
// and that would send the demo's spans elsewhere.
func meantForOthers(variable string) bool { return strings.HasPrefix(variable, "OTEL_") }

// stop asks the child to end, and ends it and all that it started if it does
// not. Once that is done, further calls do nothing.
func (p *child) stop(ask os.Signal) {
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

// failure says in one line how the child ended, with the last it said.
func (p *child) failure() error {
	return fmt.Errorf("%s failed: %s (all it said: %s)", p.name, p.lastWords(), p.log)
}

// lastWords are the last line of the child's output, or how it ended. What make
// adds to the error of its command says nothing.
func (p *child) lastWords() string {
	out, _ := os.ReadFile(p.log)
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
