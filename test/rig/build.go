package rig

import (
	"context"
	"os"
	"path/filepath"
	"strings"
)

// BuildCollector builds the collector and returns its path. The log is in dir.
func BuildCollector(ctx context.Context, out Screen, dir string) (string, error) {
	out.Say("building the collector (the first time this takes up to 10 minutes)")
	return filepath.Join("build", "otelcol-workflow"), Await(ctx, out, Command{
		Name: "building the collector",
		Log:  filepath.Join(dir, "build-collector.log"),
		Args: []string{"make", "--no-print-directory", "build"},
	})
}

// BuildExample builds the example into dir, where the log is too, and returns its path.
func BuildExample(ctx context.Context, out Screen, dir string) (string, error) {
	binary, err := filepath.Abs(filepath.Join(dir, "support-agent"))
	if err != nil {
		return "", err
	}
	out.Say("building the example")
	return binary, Await(ctx, out, Command{
		Name: "building the example",
		Dir:  "examples",
		Log:  filepath.Join(dir, "build-example.log"),
		Args: []string{"go", "build", "-o", binary, "./support-agent"},
	})
}

// BuildTool builds a tool that tools/ pins, of a module of the same name, and returns
// its path in the cache of the go command. The log is in dir.
func BuildTool(ctx context.Context, out Screen, dir, name string) (string, error) {
	out.Say("building %s (the first time this takes minutes)", name)
	c := Command{
		Name: "building " + name,
		Log:  filepath.Join(dir, "build-"+name+".log"),
		Env:  []string{"CGO_ENABLED=0"},
		Args: []string{"go", "tool", "-modfile=tools/" + name + "/go.mod", "-n", name},
	}
	if err := Await(ctx, out, c); err != nil {
		return "", err
	}
	said, err := os.ReadFile(c.Log)
	if err != nil {
		return "", err
	}
	lines := strings.Split(strings.TrimSpace(string(said)), "\n")
	return lines[len(lines)-1], nil
}
