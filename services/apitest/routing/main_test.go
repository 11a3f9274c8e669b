// Package routing_test calls the whole platform through its API. It covers handovers, offers, custody, and the requests that routing refuses.
package routing_test

import (
	"testing"

	"github.com/stafett/stafett/services/apitest"
)

func TestMain(m *testing.M) { apitest.Main(m) }
