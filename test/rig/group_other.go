//go:build !unix

package rig

import "os/exec"

// ownGroup does nothing: there are no process groups.
func ownGroup(*exec.Cmd) {}

// killGroup ends a program that was started.
func killGroup(cmd *exec.Cmd) { _ = cmd.Process.Kill() }
