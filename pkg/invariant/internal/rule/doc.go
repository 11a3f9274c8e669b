// Package rule is what a rule and the checker know of each other: what a rule is shown, and how
// it reports.
package rule
