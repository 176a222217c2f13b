// Package rig builds the programs of this repository and runs them beside each
// other, for `make demo` and `make stack`: whatever happens none of them is left
// behind, and whatever goes wrong is one line.
package rig
