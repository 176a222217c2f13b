package openslo

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"go.yaml.in/yaml/v3"
)

// library holds the objects of all files by name.
type library struct {
	slos       []placed
	slis       map[string]*Indicator
	policies   map[string]*alertPolicySpec
	conditions map[string]*alertConditionSpec
	ignored    []string
}

// placed is an SLO and where it was read.
type placed struct {
	where string
	object[sloSpec]
}

// Load reads the files and returns the SLOs of all of them with what they refer to, in order,
// and the objects that are of no consequence. The error joins all that is wrong.
func Load(files []string) (slos []SLO, ignored []string, err error) {
	l := newLibrary()
	var errs []error
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err == nil {
			err = l.read(file, text)
		}
		errs = append(errs, err)
	}
	slos, err = l.resolveAll()
	return slos, l.ignored, errors.Join(append(errs, err)...)
}

func newLibrary() *library {
	return &library{
		slis: map[string]*Indicator{}, policies: map[string]*alertPolicySpec{}, conditions: map[string]*alertConditionSpec{},
	}
}

func (l *library) resolveAll() (slos []SLO, err error) {
	var errs []error
	for i := range l.slos {
		s, err := l.resolve(&l.slos[i])
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", l.slos[i].where, err))
			continue
		}
		slos = append(slos, *s)
	}
	return slos, errors.Join(errs...)
}

// read takes in the objects of one file.
func (l *library) read(file string, text []byte) error {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var document yaml.Node
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		for _, n := range objectsOf(&document) {
			if err := l.add(file, n); err != nil {
				return err
			}
		}
	}
}

// objectsOf returns the objects of a document, which is one or a list.
func objectsOf(document *yaml.Node) []*yaml.Node {
	if document.Kind == yaml.DocumentNode && len(document.Content) == 1 {
		document = document.Content[0]
	}
	if document.Kind == yaml.SequenceNode {
		return document.Content
	}
	return []*yaml.Node{document}
}

// add takes in one object.
func (l *library) add(file string, n *yaml.Node) error {
	var head object[yaml.Node]
	if err := n.Decode(&head); err != nil {
		return fmt.Errorf("%s: line %d: %w", file, n.Line, err)
	}
	where := fmt.Sprintf("%s: %s %q", file, head.Kind, head.Metadata.Name)
	if err := l.put(where, &head, n); err != nil {
		return fmt.Errorf("%s: %w", where, err)
	}
	return nil
}

func (l *library) put(where string, head *object[yaml.Node], n *yaml.Node) error {
	if head.APIVersion != Version {
		return fmt.Errorf("apiVersion %q cannot be read; convert it to %s", head.APIVersion, Version)
	}
	if head.Metadata.Name == "" {
		return errors.New("metadata.name is missing")
	}
	name := head.Metadata.Name
	switch head.Kind {
	case "SLO":
		p := placed{where: where}
		err := strictly(n, &p.object)
		l.slos = append(l.slos, p)
		return err
	case "SLI":
		return keep(n, name, l.slis)
	case "AlertPolicy":
		return keep(n, name, l.policies)
	case "AlertCondition":
		return keep(n, name, l.conditions)
	case "DataSource", "Service", "AlertNotificationTarget":
		l.ignored = append(l.ignored, where)
		return nil
	}
	return fmt.Errorf("kind %q is not one of %s", head.Kind, Version)
}

func keep[S any](n *yaml.Node, name string, into map[string]*S) error {
	if into[name] != nil {
		return errors.New("there are two of that name")
	}
	var o object[S]
	if err := strictly(n, &o); err != nil {
		return err
	}
	into[name] = &o.Spec
	return nil
}

// strictly decodes a node and refuses fields that are not known.
func strictly(n *yaml.Node, into any) error {
	text, err := yaml.Marshal(n)
	if err != nil {
		return err
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	return decoder.Decode(into)
}
