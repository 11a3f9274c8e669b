// Package house holds the tests of the repository's own rules: which package may import
// which, and that every package has a package comment.
package house
