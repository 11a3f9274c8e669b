package house

// group is one group of packages and the floor of ARCHITECTURE.md on which it stands.
type group struct {
	floor, name string
	packages    []string
}

// groups hold the order of the house, from the ground up. A package may import what
// is listed before it, in its own group or in one above, and nothing else. A name
// that ends in /... stands for a package and everything below it, in which order is free.
//
// A new package takes one line: after the last package that it imports.
var groups = []group{
	{"contract", "the API and the events, with the code generated from them", []string{
		"proto/...",
	}},
	{"domain", "what outsiders begin with: errors, calling, wrapping events, checking a log", []string{
		"pkg/refusal",
		"pkg/client",
		"pkg/event/...",
		"pkg/verify/...",
		"pkg/yamlread",
		"pkg/i18n",
		"pkg/seal/...",
		"pkg/staffkey/...",
	}},
	{"domain", "the protocol of a handover, and an independent reading of its invariants", []string{
		"pkg/handover",
		"pkg/handover/evolve",
		"pkg/handover/decide",
		"pkg/handover/persons",
		"pkg/handover/deadline",
		"pkg/handover/consultation",
		"pkg/handover/command",
		"pkg/handover/view",
		"pkg/invariant/...",
		"pkg/internal/story",
		"pkg/childtext",
		"pkg/sealing",
	}},
	{"domain", "lines: topics, hours, ranking, rotas", []string{
		"pkg/taxonomy",
		"pkg/directory/...",
		"pkg/rota/...",
	}},
	{"log and projections", "who a peer is and who signed; the tree over the log", []string{
		"services/internal/sealtest",
		"services/internal/diskspace",
		"services/internal/logclock",
		"services/internal/boltfile",
		"services/internal/boltfile/boltfiletest",
		"services/internal/identity/pemfile",
		"services/internal/identity",
		"services/internal/signing",
		"services/internal/timerqueue",
		"services/internal/tree",
		"services/internal/witnesses",
		"services/rawlog",
		"services/witness",
	}},
	{"log and projections", "the log, its projections, and committing to it", []string{
		"services/internal/eventlog",
		"services/internal/staging",
		"services/internal/logtest",
		"services/internal/history",
		"services/internal/projection",
		"services/internal/aggregate",
		"services/internal/conversations/...",
		"services/internal/integrity",
		"services/internal/lines",
		"services/internal/linestest",
		"services/internal/seats",
		"services/internal/livedirectory",
	}},
	{"services", "what a service is made of", []string{
		"services/internal/dependencies",
		"services/internal/inspection",
		"services/internal/limits",
		"services/internal/rpc",
		"services/internal/rpctest",
		"services/internal/executor",
	}},
	{"services", "the four services, each with what is its own", []string{
		"services/audit/...",
		"services/intake/...",
		"services/routing/...",
		"services/triage/...",
	}},
	{"services", "the services put together, and tests through their API", []string{
		"services/platform",
		"services/recovery",
		"services/measure",
		"services/measure/fill",
		"services/apitest/...",
	}},
	{"services", "a line's desk, which uses the public API alone", []string{
		"services/desk/internal/live",
		"services/desk/internal/words",
		"services/desk/internal/store",
		"services/desk/internal/talk",
		"services/desk/internal/signin",
		"services/desk/internal/line",
		"services/desk/internal/page",
		"services/desk/internal/web",
		"services/desk",
	}},
	{"programs", "reading the history, and what the house checks of itself", []string{
		"tools/stories",
		"tools/internal/house",
		"tools/internal/release",
		"tools/internal/replay",
		"tools/internal/fields",
		"tools/internal/marked",
		"tools/internal/progress",
		"tools/internal/programs",
	}},
	{"programs", "stories", []string{
		"tools/internal/story",
		"tools/internal/story/check",
		"tools/internal/story/play",
	}},
	{"programs", "stafett: what its commands share, and what they show", []string{
		"tools/stafett/internal/localtime",
		"tools/stafett/internal/output",
		"tools/stafett/internal/wording",
		"tools/stafett/internal/cli",
		"tools/stafett/internal/linesview",
		"tools/stafett/internal/decisionview",
		"tools/stafett/internal/historytest",
		"tools/stafett/internal/timeline",
	}},
	{"programs", "stafett: its commands by group", []string{
		"tools/stafett/internal/audit/...",
		"tools/stafett/internal/lines",
		"tools/stafett/internal/keys",
		"tools/stafett/internal/play",
		"tools/stafett/internal/rota",
		"tools/stafett/internal/route",
		"tools/stafett/internal/rules",
		"tools/stafett/internal/server",
		"tools/stafett/internal/topics",
		"tools/stafett/internal/root",
		"tools/stafett/internal/clitest",
	}},
	{"programs", "trying the protocol out: mutants, random schedules, every state of a small world", []string{
		"tools/internal/mutation",
		"tools/internal/simulation/order",
		"tools/internal/simulation/soundness",
		"tools/internal/simulation",
		"tools/internal/exploration",
	}},
	{"programs", "the commands", []string{
		"tools/bench/internal/stats",
		"tools/bench/internal/report",
		"tools/bench/internal/mtls",
		"tools/bench/internal/warm",
		"tools/bench/internal/stafett",
		"tools/bench/internal/longhistory",
		"tools/bench/internal/postgres",
		"tools/bench",
		"tools/chaos/internal/load",
		"tools/chaos/internal/system",
		"tools/chaos/internal/faults",
		"tools/chaos",
		"tools/corpus",
		"tools/gen/...",
		"tools/mutate",
		"tools/release",
		"tools/simulate",
		"tools/stafett",
	}},
}

// apart are packages that do not know of each other, whatever their order, with the
// reason. Each stands for what is below it, too.
var apart = []struct {
	reason   string
	packages []string
}{
	{"the invariants are a second reading of the protocol, which shares no code with what decides", []string{
		"pkg/handover", "pkg/invariant",
	}},
	{"a desk is a line's own program and uses the public API", []string{
		"services/desk", "services/internal",
	}},
	{"a desk runs at the line, not in the platform", []string{
		"services/desk", "services/platform",
	}},
	{"the services speak through the log alone", []string{
		"services/audit", "services/intake", "services/routing", "services/triage",
	}},
}

// shared are packages of services that are public because another module imports
// them, with the reason.
var shared = map[string]string{
	"services/desk":         "stafett desk and up run it",
	"services/platform":     "stafett up and serve run it, and stories play on it",
	"services/recovery":     "stafett recover opens a new log with it",
	"services/rawlog":       "stafett copies the log and its tests alter it, byte for byte",
	"services/witness":      "stafett witness runs it",
	"services/measure":      "bench runs it; it measures what is internal to services",
	"services/measure/fill": "bench makes histories of many conversations with it",
}

const (
	maxLines = 450 // of a file
	maxFiles = 45  // Go files of a folder, with tests
	minWords = 4   // of the first sentence of a package comment
)
