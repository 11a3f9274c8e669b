package apitest

import (
	"testing"

	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
)

// Pages reads a list page by page.
type Pages func(size int32, token string) (names []string, next string, err error)

func (d Desk) Worklist(position uint64) Pages {
	return func(size int32, token string) (names []string, next string, err error) {
		page, err := d.Triage.ListWorkItems(d.Ctx, &triagev1.ListWorkItemsRequest{PageSize: size, PageToken: token, MinPosition: position})
		for _, item := range page.GetWorkItems() {
			names = append(names, item.Conversation)
		}
		return names, page.GetNextPageToken(), err
	}
}

func (d Desk) ListLines() Pages {
	return func(size int32, token string) (names []string, next string, err error) {
		page, err := d.Directory.ListLines(d.Ctx, &routingv1.ListLinesRequest{PageSize: size, PageToken: token})
		for _, line := range page.GetLines() {
			names = append(names, line.Name)
		}
		return names, page.GetNextPageToken(), err
	}
}

// All reads all pages of a size.
func (l Pages) All(t *testing.T, size int32) (all []string) {
	t.Helper()
	token := ""
	for {
		names, next, err := l(size, token)
		if err != nil {
			t.Fatal(err)
		}
		if size > 0 && len(names) > int(size) || next != "" && len(names) == 0 {
			t.Fatalf("a page of %d has %d items", size, len(names))
		}
		all = append(all, names...)
		if next == "" {
			return all
		}
		token = next
	}
}
