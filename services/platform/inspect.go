package platform

import "github.com/stafett/stafett/services/internal/inspection"

// Inspect shows the platform from inside, for the tests of this module.
func (p *Platform) Inspect() inspection.Platform {
	inside := inspection.Platform{NATS: p.nats, Keyring: p.keyring, Services: map[string]inspection.Service{}}
	for _, part := range p.parts.all() {
		inside.Services[part.name] = inspection.Service{Service: part.service, Log: part.log}
	}
	return inside
}
