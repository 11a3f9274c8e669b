package main

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/jonboulle/clockwork"

	"github.com/stafett/stafett/services/platform"
	"github.com/stafett/stafett/tools/stafett/internal/root"
)

// compose reads docker-compose.yml as Docker does.
func compose(t *testing.T) *types.Project {
	t.Helper()
	options, err := cli.NewProjectOptions([]string{"../../docker-compose.yml"}, cli.WithName("stafett"))
	if err != nil {
		t.Fatal(err)
	}
	project, err := options.LoadProject(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return project
}

func TestComposeRunsEveryService(t *testing.T) {
	project := compose(t)
	for _, name := range append([]string{"certify", "nats"}, platform.Services...) {
		if _, err := project.GetService(name); err != nil {
			t.Errorf("docker-compose.yml does not run %s: %v", name, err)
		}
	}
}

func TestComposeCommandsAreOurs(t *testing.T) {
	for name, service := range compose(t).Services {
		if len(service.Entrypoint) > 0 {
			continue // another program than stafett
		}
		command, rest, err := root.Command(clockwork.NewRealClock()).Find(service.Command)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := command.ParseFlags(rest); err != nil {
			t.Errorf("%s: %s %v: %v", name, command.Name(), rest, err)
		}
		if err := command.ValidateArgs(command.Flags().Args()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestComposeSetsWhatTheNATSConfigurationReads(t *testing.T) {
	text, err := os.ReadFile("../../deploy/nats.conf")
	if err != nil {
		t.Fatal(err)
	}
	environment := compose(t).Services["nats"].Environment
	read := regexp.MustCompile(`\$(STAFETT_[A-Z_]+)`).FindAllStringSubmatch(string(text), -1)
	if len(read) == 0 {
		t.Error("the configuration reads no variables")
	}
	for _, variable := range read {
		if value := environment[variable[1]]; value == nil || *value == "" {
			t.Errorf("docker-compose.yml does not set %s", variable[1])
		}
	}
}

// Each service has its own secrets, is asked for its health as itself, and comes back.
func TestComposeKeepsSecretsApart(t *testing.T) {
	services := compose(t).Services
	for _, name := range append([]string{"nats"}, platform.Services...) {
		service := services[name]
		if service.Restart != types.RestartPolicyUnlessStopped {
			t.Errorf("%s restarts %q", name, service.Restart)
		}
		for _, volume := range service.Volumes {
			if volume.Target == "/platform" && (volume.Source != name+"-secrets" || !volume.ReadOnly) {
				t.Errorf("%s reads its secrets from %s", name, volume.Source)
			}
		}
		if name == "nats" {
			continue // its image has nothing that could ask it
		}
		if service.HealthCheck == nil {
			t.Errorf("%s is not asked for its health", name)
			continue
		}
		test := service.HealthCheck.Test[2:] // after CMD and the program
		command, rest, err := root.Command(clockwork.NewRealClock()).Find(test)
		if err != nil || command.Name() != "health" || command.ParseFlags(rest) != nil || !slices.Equal(command.Flags().Args(), []string{name}) {
			t.Errorf("%s is asked with %v: %v", name, test, err)
		}
	}
}

func TestComposeKeepsWhatMustLast(t *testing.T) {
	project := compose(t)
	for _, name := range append([]string{"nats"}, platform.Services...) {
		writable := func(v types.ServiceVolumeConfig) bool { return v.Type == types.VolumeTypeVolume && !v.ReadOnly }
		if !slices.ContainsFunc(project.Services[name].Volumes, writable) {
			t.Errorf("%s has no volume of its own", name)
		}
	}
}
