package route

import (
	"regexp"
	"slices"
	"strconv"

	"github.com/spf13/pflag"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/taxonomy"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

type needed struct {
	topics                              []string
	channel, ages, language, risk, area string
}

func (n *needed) flags(flags *pflag.FlagSet) {
	flags.StringSliceVar(&n.topics, "topics", nil, "comma-separated topic `codes`, such as V.physical")
	flags.StringVar(&n.channel, "channel", "chat", "chat, phone, sms or email")
	flags.StringVar(&n.ages, "ages", "", "the child's `age`: 14 or 13-15; default: unknown")
	flags.StringVar(&n.language, "language", "", "the child's `language`, a BCP 47 tag; default: unknown")
	flags.StringVar(&n.risk, "risk", "", "R0 to R4, or RX; default: not assessed")
	flags.StringVar(&n.area, "area", "", "the child's `area`: an ISO 3166-2 code or a municipality number; default: unknown")
}

func (n *needed) read() (directory.Need, error) {
	channels, err := cli.ReadChannels([]string{n.channel})
	if err != nil {
		return directory.Need{}, err
	}
	header := &handoverv1.PacketHeader{Channel: channels[0], LanguageCode: n.language, Area: n.area}
	if header.TopicGroups, err = groupsOf(n.topics); err != nil {
		return directory.Need{}, err
	}
	if header.AgeBand, err = readAges(n.ages); err != nil {
		return directory.Need{}, err
	}
	if n.risk != "" {
		risk, err := cli.ReadCode("risk", n.risk, "RISK_LEVEL_", handoverv1.RiskLevel_name, 1)
		if err != nil {
			return directory.Need{}, err
		}
		header.Risk = handoverv1.RiskLevel(risk)
	}
	return directory.Need{Header: header, Topics: n.topics}, nil
}

// groupsOf are the groups of topics, each once.
func groupsOf(topics []string) (groups []string, err error) {
	if len(topics) == 0 {
		return nil, cli.Usagef("--topics is missing; for example --topics V.physical")
	}
	for _, topic := range topics {
		if !topicPattern.MatchString(topic) {
			return nil, cli.Usagef("--topics: %q is not a valid topic; use a group such as MH, or a topic such as V.bullying", topic)
		}
		if group := taxonomy.Group(topic); !slices.Contains(groups, group) {
			groups = append(groups, group)
		}
	}
	return groups, nil
}

var (
	topicPattern = regexp.MustCompile(`^[A-Z]{1,2}(\.[a-z][a-z0-9_]*)?$`)
	agesPattern  = regexp.MustCompile(`^(\d{1,3})(-(\d{1,3}))?$`)
)

// readAges reads 14, which is 14-14, or 13-15.
func readAges(text string) (*handoverv1.AgeBand, error) {
	if text == "" {
		return nil, nil
	}
	match := agesPattern.FindStringSubmatch(text)
	if match == nil {
		return nil, cli.Usagef("--ages %s: use whole years, 14 or 13-15", text)
	}
	youngest, _ := strconv.Atoi(match[1])
	oldest := youngest
	if match[3] != "" {
		oldest, _ = strconv.Atoi(match[3])
	}
	if youngest > oldest {
		return nil, cli.Usagef("--ages %s: put the youngest first: %d-%d", text, oldest, youngest)
	}
	return &handoverv1.AgeBand{MinYears: int32(youngest), MaxYears: int32(oldest)}, nil
}
