// Package facts reads a recorded history: which event of which commit comes next, and what has
// happened in its conversation before it. It judges nothing.
package facts
