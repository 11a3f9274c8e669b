// Package interop holds what other people's programs are to make of our trees,
// proofs and witnesses. It is a module of its own, outside of the workspace: only
// its tests use those programs.
package interop
