// Package replicas_test calls the whole platform through its API. It covers several replicas of a service, and a nats-server that goes away.
package replicas_test

import (
	"testing"

	"github.com/stafett/stafett/services/apitest"
)

func TestMain(m *testing.M) { apitest.Main(m) }
