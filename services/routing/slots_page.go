package routing

import (
	"fmt"
	"time"

	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/internal/rpc"
)

// slotsList names the list in its page tokens.
const slotsList = "slots"

// slotsPage is where a page begins: after a number of slots from an instant on, so that
// a search that starts now does not shift between pages.
type slotsPage struct {
	from  time.Time
	after int
}

func (p slotsPage) token() string {
	return rpc.PageToken(slotsList, fmt.Sprintf("%d-%d", p.from.UnixNano(), p.after))
}

// readSlotsPage reads a page token; an empty token is the first page from an instant on.
func readSlotsPage(token string, from time.Time) (slotsPage, error) {
	text, err := rpc.ReadPageToken(slotsList, token)
	if err != nil || text == "" {
		return slotsPage{from: from}, err
	}
	var p slotsPage
	var nanos int64
	if _, err := fmt.Sscanf(text, "%d-%d", &nanos, &p.after); err != nil || p.after < 1 || p.after > mostLines {
		return p, rpc.StrangePageToken()
	}
	p.from = time.Unix(0, nanos).UTC()
	return p, nil
}

// of cuts a page out of all slots since the instant; a slot beyond the page's last means
// that there is another page.
func (p slotsPage) of(slots []*routingv1.LocalSlot, size int) *routingv1.FindSlotsResponse {
	slots = slots[min(p.after, len(slots)):]
	if len(slots) <= size {
		return &routingv1.FindSlotsResponse{Slots: slots}
	}
	return &routingv1.FindSlotsResponse{Slots: slots[:size], NextPageToken: slotsPage{p.from, p.after + size}.token()}
}
