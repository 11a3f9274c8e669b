package mutation_test

import (
	"slices"
	"testing"

	"github.com/stafett/stafett/tools/internal/mutation"
)

// guards are those of testdata, in their order.
var guards = []string{
	"house.enter#1", "house.enter#2", "house.enter#3", "house.enter#4", // both of a case with two conditions
	"house.enter=nil#1", // what welcome says is handed on
	"house.welcome=nil",
	"house.mayEnter=false", "house.mayEnter=true",
	"house.count=nil",                      // a call that gives both results
	"house.counted#1", "house.counted=nil", // and nothing of the function that it makes
}

func TestEveryGuardIsFound(t *testing.T) {
	found, err := mutation.Guards("testdata")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, g := range found {
		names = append(names, g.Name)
	}
	if !slices.Equal(names, guards) {
		t.Errorf("the guards are\n%q, want\n%q", names, guards)
	}
}
