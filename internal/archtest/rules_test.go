package archtest

import (
	"fmt"
	"slices"
	"strings"
)

// source is what a Go file says before its first declaration.
type source struct {
	path    string // slash-separated, from the root of the repository
	dir     string // of path; "." at the root
	module  string // folder of the nearest go.mod; "." is the root module
	pkg     string // as in the package clause
	test    bool
	imports []string
}

// tree is the repository: every Go file, and the path of the root module.
type tree struct {
	root  string
	files []source
}

// neighbours lists the domain, and which of it each package may import beside itself.
var neighbours = map[string][]string{
	"semconv":    nil,
	"glob":       nil,
	"series":     nil,
	"exphist":    {"semconv", "series"},
	"flow":       {"semconv", "series"},
	"metric":     nil,
	"binhist":    nil,
	"stream":     {"exphist", "binhist"},
	"window":     nil,
	"percentile": {"metric", "series", "exphist", "binhist", "stream", "window"},
	"cost":       {"semconv", "series", "glob"},
	"slo":        {"semconv", "series", "stream", "exphist", "binhist"},
	"wire":       nil,
	"journal":    nil,
	"meter":      {"stream", "exphist", "binhist", "wire"},
	"budgets":    {"slo", "wire"},
	"flight":     {"semconv", "series", "flow"},
	"tally":      {"metric", "semconv", "series", "flow", "exphist", "flight"},
}

const telemetry = "go.opentelemetry.io"

// rules judge one import of one file: they say what is wrong with it, or nothing.
var rules = []func(root string, f source, imported string) string{
	domainStaysInside,
	domainKnowsNoTelemetry,
	componentsStayApart,
	modulesStayApart,
}

// violations are all breaches of the rules, as "path: what is wrong", in the order of the files.
func violations(t tree) []string {
	var all []string
	for _, f := range t.files {
		if wrong := namedForNothing(f); wrong != "" {
			all = append(all, f.path+": "+wrong)
		}
		for _, imported := range f.imports {
			for _, rule := range rules {
				if wrong := rule(t.root, f, imported); wrong != "" {
					all = append(all, f.path+": "+wrong)
				}
			}
		}
	}
	return all
}

// domainStaysInside: the standard library and the neighbours above. Tests may also use test libraries.
func domainStaysInside(root string, f source, imported string) string {
	domain := domainOf(f.dir)
	if domain == "" || standard(imported) {
		return ""
	}
	local, ours := within(root, imported)
	if f.test && !ours {
		return ""
	}
	if to := domainOf(local); to != "" && (f.test || to == domain || slices.Contains(neighbours[domain], to)) {
		return ""
	}
	return fmt.Sprintf("domain package %s imports %s", domain, imported)
}

// domainKnowsNoTelemetry holds for tests too: a domain that needs pdata to be tested is not free of it.
func domainKnowsNoTelemetry(_ string, f source, imported string) string {
	if _, found := within(telemetry, imported); domainOf(f.dir) == "" || !found {
		return ""
	}
	return fmt.Sprintf("domain package %s imports %s", domainOf(f.dir), imported)
}

// componentsStayApart: nothing but commands and the tests of the whole binary import a component, and so no component another.
func componentsStayApart(root string, f source, imported string) string {
	local, _ := within(root, imported)
	from, to := componentOf(f.dir), componentOf(local)
	if to == "" || from == to {
		return ""
	}
	if _, inner := within("internal", f.dir); from == "" && !inner {
		return ""
	}
	return fmt.Sprintf("%s imports component %s", f.dir, to)
}

// modulesStayApart: the sdk and the root module do not know each other.
func modulesStayApart(root string, f source, imported string) string {
	local, ours := within(root, imported)
	if !ours {
		return ""
	}
	_, fromSDK := within("sdk", f.dir)
	_, toSDK := within("sdk", local)
	switch {
	case fromSDK && !toSDK:
		return "the sdk imports the root module: " + imported
	case f.module == "." && !fromSDK && toSDK:
		return "the root module imports the sdk: " + imported
	}
	return ""
}

func namedForNothing(f source) string {
	for _, name := range append(strings.Split(f.dir, "/"), strings.TrimSuffix(f.pkg, "_test")) {
		switch name {
		case "util", "utils", "common", "helper", "helpers", "misc":
			return "a package called " + name + " is named for nothing"
		}
	}
	return ""
}

// domainOf is the name of the domain package that a folder belongs to, or "".
func domainOf(dir string) string {
	rest, inner := within("internal", dir)
	name, _, _ := strings.Cut(rest, "/")
	if _, found := neighbours[name]; inner && found {
		return name
	}
	return ""
}

// componentOf is the folder of the component that a folder belongs to, as connector/workflowmetrics, or "".
func componentOf(dir string) string {
	kind, rest, _ := strings.Cut(dir, "/")
	name, _, _ := strings.Cut(rest, "/")
	if name == "" || !slices.Contains([]string{"connector", "processor", "provider"}, kind) {
		return ""
	}
	return kind + "/" + name
}

// within is the part of a path below a parent, whole elements only; ok is false outside.
func within(parent, path string) (rest string, ok bool) {
	rest, ok = strings.CutPrefix(path, parent)
	if !ok || rest != "" && rest[0] != '/' {
		return "", false
	}
	return strings.TrimPrefix(rest, "/"), true
}

// standard tells the standard library by the first element of the path: it has no dot.
func standard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".")
}
