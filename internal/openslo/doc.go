// Package openslo reads files of the OpenSLO specification, version openslo/v1
// (https://github.com/OpenSLO/OpenSLO), and puts together what they keep apart:
//
//	SLO ──indicatorRef──► SLI
//	 └───alertPolicies──► AlertPolicy ──conditionRef──► AlertCondition
//
// A file holds one object, several with --- between them, or a list. References reach over
// all files that are loaded together. Reading is strict: a field that the specification does
// not have is an error, and so is what it demands and a file lacks. Every error names the
// file and the object.
//
// Data sources, services and notification targets are read and of no consequence here.
package openslo
