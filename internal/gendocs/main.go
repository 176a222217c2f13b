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
	if err := run(*root); err != nil {
		fmt.Fprintln(os.Stderr, "gendocs:", err)
		os.Exit(1)
	}
}

//go:embed page.md.tmpl
var text string

func run(root string) error {
	p := newPage(root)
	t, err := template.New("page").Funcs(template.FuncMap{
		"workflow": p.workflow, "quantiles": p.quantiles, "slo": p.slo,
		"own": p.own, "upstream": p.upstream, "attributes": p.attributes,
	}).Parse(text)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := t.Execute(&out, nil); err != nil {
		return err
	}
	if err := p.unused(); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(root, "docs", "metrics.md"), out.Bytes(), 0o600)
}
