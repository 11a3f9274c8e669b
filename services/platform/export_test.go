package platform

import "time"

// Now is the time of the log.
func (p *Platform) Now() time.Time { return p.config.Clock.Now() }
