package cost

import (
	"regexp"
	"strings"
	"time"
)

// spelling is a way to write the name of a model, and what was done to it.
type spelling struct{ name, why string }

var dateSuffix = regexp.MustCompile(`-(20\d{2})-?([01]\d)-?([0-3]\d)(:.*)?$`)

// spellings lists the names to look a model up by, the nearest first. Nothing is taken off that has a price:
// the geography of a Bedrock model, the :free of a router, the ft: of a fine-tuned model.
//
//	publishers/anthropic/models/claude-sonnet-4-5@20250929
//	claude-sonnet-4-5@20250929     without its path
//	claude-sonnet-4-5-20250929     @ read as a date
//	claude-sonnet-4-5-2025-09-29   with the other form of its date
//	claude-sonnet-4-5              without its date
func spellings(name string) []spelling {
	list := []spelling{{name, ""}}
	add := func(name, why string) {
		if last := list[len(list)-1]; name != "" && name != last.name {
			list = append(list, spelling{name, joinWhy(last.why, why)})
		}
	}
	if strings.HasPrefix(name, "ft:") {
		return list // a fine-tuned model has a price of its own or none
	}
	add(withoutPath(name), "without its path")
	name = list[len(list)-1].name
	if base, version, ok := strings.Cut(name, "@"); ok && base != "" {
		if version == "default" || version == "latest" {
			add(base, "without @"+version)
		} else {
			add(base+"-"+version, "with @ as -")
		}
	}
	name = list[len(list)-1].name
	if dated := dateSuffix.FindStringSubmatchIndex(name); dated != nil {
		if other, ok := otherDate(name, dated); ok {
			add(other, "with the other form of its date")
			add(name[:dated[0]]+name[dated[7]:], "without its date")
		}
	}
	name = list[len(list)-1].name
	add(strings.TrimSuffix(name, "-latest"), "without -latest")
	return list
}

func joinWhy(before, why string) string {
	if before == "" || why == "" {
		return before + why
	}
	return before + ", " + why
}

// withoutPath cuts the resource path off a name. A path that is not known is a part of the name: the maker in
// front of a model of a router.
func withoutPath(name string) string {
	if strings.HasPrefix(name, "arn:aws:bedrock:") || strings.HasPrefix(name, "projects/") ||
		strings.HasPrefix(name, "publishers/") || strings.HasPrefix(name, "models/") {
		return lastSegment(name)
	}
	return strings.TrimPrefix(name, "accounts/fireworks/models/")
}

func lastSegment(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }

// otherDate rewrites -20250929 as -2025-09-29 and the other way round. It returns false for numbers that are no
// date.
func otherDate(name string, at []int) (other string, ok bool) {
	year, month, dayOfMonth := name[at[2]:at[3]], name[at[4]:at[5]], name[at[6]:at[7]]
	if _, err := time.Parse("20060102", year+month+dayOfMonth); err != nil {
		return "", false
	}
	sep := "-"
	if strings.Contains(name[at[0]+1:at[7]], "-") {
		sep = ""
	}
	return name[:at[0]] + "-" + year + sep + month + sep + dayOfMonth + name[at[7]:], true
}
