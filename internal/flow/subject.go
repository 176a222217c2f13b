package flow

// Subject is what attributes are about, for who looks only for some.
type Subject uint8

// The subjects.
const (
	SubjectModel  Subject = 1 << iota // which model is called
	SubjectAmount                     // how many tokens were used, and what they cost
	SubjectKind                       // what kind of work the span is
	SubjectTool                       // which tool is called
	SubjectCost                       // what the call cost, which is also a SubjectAmount
)

// Names returns the names of the attributes about any of the subjects, of all dialects.
func Names(about Subject) (names []string) {
	for i := range attrs {
		if attrs[i].field.subject()&about != 0 {
			names = append(names, attrs[i].name)
		}
	}
	return names
}

func (x field) subject() Subject {
	switch {
	case x.isModel():
		return SubjectModel
	case x == fieldKind:
		return SubjectKind
	case x == fieldTool:
		return SubjectTool
	case 1<<x&costFields != 0:
		return SubjectCost | SubjectAmount
	case 1<<x&(usageFields|breakdown) != 0:
		return SubjectAmount
	}
	return 0
}
