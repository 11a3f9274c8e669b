package rpc

import (
	"encoding/base64"
	"strings"

	"github.com/stafett/stafett/pkg/refusal"
)

const (
	defaultPage = 50
	largestPage = 500
)

// PageSize is the number of items that a list request gets.
func PageSize(asked int32) int {
	switch {
	case asked == 0:
		return defaultPage
	case asked > largestPage:
		return largestPage
	}
	return int(asked)
}

// PageToken makes the token of the page of a list that begins after a key. The list's name
// includes the caller if each caller has a list of its own.
func PageToken(list, after string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(list + "\x00" + after))
}

// ReadPageToken returns the key after which a page of a list begins; empty for the first page.
func ReadPageToken(list, token string) (string, error) {
	if token == "" {
		return "", nil
	}
	text, err := base64.RawURLEncoding.DecodeString(token)
	after, ok := strings.CutPrefix(string(text), list+"\x00")
	if err != nil || !ok {
		return "", StrangePageToken()
	}
	return after, nil
}

// StrangePageToken refuses a token that no list issued.
func StrangePageToken() error {
	return refusal.PageTokenInvalid("page_token: not a token of this list; start again without it",
		"field", "page_token")
}

// Page cuts a page out of a list's items, which are sorted by key: at most size items after a
// key. The token is empty on the last page.
func Page[T any](list string, items []T, key func(T) string, after string, size int) (page []T, token string) {
	for _, item := range items {
		if key(item) <= after {
			continue
		}
		if len(page) == size {
			return page, PageToken(list, key(page[size-1]))
		}
		page = append(page, item)
	}
	return page, ""
}
