// Package logrules has the rules about the commits of a whole log, of conversations and lines alike.
package logrules
