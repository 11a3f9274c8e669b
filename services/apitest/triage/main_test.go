// Package triage_test calls the whole platform through its API. It covers topics, recommendations, and lists by the page.
package triage_test

import (
	"testing"

	"github.com/stafett/stafett/services/apitest"
)

func TestMain(m *testing.M) { apitest.Main(m) }
