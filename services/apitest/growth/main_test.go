package growth_test

import (
	"testing"

	"github.com/stafett/stafett/services/apitest"
)

func TestMain(m *testing.M) { apitest.Main(m) }
