package lines

import "github.com/stafett/stafett/services/internal/eventlog"

// Rebuild projects a line's commits, starting with the first.
func Rebuild(entries []eventlog.Entry) (*State, error) {
	s := &State{}
	for _, entry := range entries {
		if err := apply(s, entry); err != nil {
			return nil, err
		}
	}
	return s, nil
}
