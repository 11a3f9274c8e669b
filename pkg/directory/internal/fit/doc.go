// Package fit works out how what a line publishes fits what a child needs, as input of the rules:
// topics, ages, languages, risk, from whom it receives, and the ways to it.
package fit
