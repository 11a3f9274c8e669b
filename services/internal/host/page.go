package host

import (
	"encoding/base64"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const (
	defaultPage = 50
	largestPage = 500
)

// PageSize is how many items a list request gets.
func PageSize(asked int32) int {
	switch {
	case asked == 0:
		return defaultPage
	case asked > largestPage:
		return largestPage
	}
	return int(asked)
}

// PageToken makes the token of the page that begins after a key.
func PageToken(after string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(after))
}

// ReadPageToken returns the key after which a page begins; empty for the first.
func ReadPageToken(token string) (string, error) {
	after, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return "", &handover.Refusal{
			Reason:   handoverv1.RefusalReason_REFUSAL_REASON_PAGE_TOKEN_INVALID,
			Message:  "page_token: it is not one that this list gave; begin again without it",
			Metadata: map[string]string{"field": "page_token"},
		}
	}
	return string(after), nil
}

// Page cuts a page out of items sorted by key: those after a key, at most size.
// The token is empty on the last page.
func Page[T any](items []T, key func(T) string, after string, size int) (page []T, token string) {
	for _, item := range items {
		if key(item) <= after {
			continue
		}
		if len(page) == size {
			return page, PageToken(key(page[size-1]))
		}
		page = append(page, item)
	}
	return page, ""
}
