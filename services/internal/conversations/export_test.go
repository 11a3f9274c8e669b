package conversations

// Len counts the states that the projection does not have yet.
func (p *Pending) Len() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.states)
}
