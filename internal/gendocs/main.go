package main

import (
	"bytes"
	_ "embed"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"text/template"
)

func main() {
	root := flag.String("root", ".", "folder of the repository")
	flag.Parse()
	text, err := write(*root)
	if err == nil {
		err = os.WriteFile(filepath.Join(*root, "docs", "metrics.md"), text, 0o600)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gendocs:", err)
		os.Exit(1)
	}
}

//go:embed page.md.tmpl
var layout string

// write returns the page about the repository in that folder.
func write(root string) ([]byte, error) {
	p := newPage(root)
	t, err := template.New("page").Funcs(template.FuncMap{
		"workflow": p.workflow, "quantiles": p.quantiles, "slo": p.slo,
		"own": p.own, "upstream": p.upstream, "attributes": p.attributes,
	}).Parse(layout)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := t.Execute(&out, nil); err != nil {
		return nil, err
	}
	return out.Bytes(), p.unused()
}
