package lines

import "github.com/stafett/stafett/services/internal/eventlog"

// Rebuild is the state that a line's appends make, from its first on.
func Rebuild(entries []eventlog.Entry) (*State, error) {
	s := &State{}
	for _, entry := range entries {
		if err := apply(s, entry); err != nil {
			return nil, err
		}
	}
	return s, nil
}
