// Package interop checks our trees, proofs and witnesses with other people's programs. It is a
// module of its own, outside the workspace, because only its tests use those programs.
package interop
