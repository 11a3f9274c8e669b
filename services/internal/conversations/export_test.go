package conversations

// Remembered counts the states that the commander remembers until its read model
// has them.
func (c *Commander) Remembered() int {
	c.recent.mu.Lock()
	defer c.recent.mu.Unlock()
	return len(c.recent.states)
}
