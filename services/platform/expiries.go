package platform

import (
	"errors"
	"fmt"
	"log/slog"
	"math"
	"slices"
	"time"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/services/internal/identity"
)

// announced are how many days ahead the end of a certificate is told.
var announced = []int{14, 7, 1}

// Expiry is the end of a certificate whose owner keeps the key to itself. Only the owner can ask for the
// next one.
type Expiry struct {
	Peer string // its SPIFFE id
	Time time.Time
	Days int // left, begun ones included; 0 once it has ended
}

// CertifyRequest certifies the key of a line, an auditor or an operator that made it itself, from a
// PEM file with its request, and returns where the certificate is.
func CertifyRequest(data, kind, id, path string) (client.Credentials, error) {
	authority, err := authorityOf(data)
	if err != nil {
		return client.Credentials{}, err
	}
	peer, err := authority.Peer(identity.Kind(kind), id)
	if err != nil {
		return client.Credentials{}, err
	}
	return authority.Answer(peer, path)
}

// authorityOf opens the authority of a data folder that has one.
func authorityOf(data string) (*identity.Authority, error) {
	if missing, err := identity.Missing(IdentityFolder(data)); err != nil || missing {
		return nil, errors.Join(fmt.Errorf("%s has no authority: name the folder that \"stafett certify\" or \"stafett up\" has made", data), err)
	}
	return identity.OpenAuthority(IdentityFolder(data), "")
}

// Expiries lists the certificates that nobody renews but their owners.
func Expiries(data string, now time.Time) (owners []Expiry, err error) {
	authority, err := authorityOf(data)
	if err != nil {
		return nil, err
	}
	all, err := authority.Expiries()
	for _, one := range all {
		if one.Own {
			days := int(math.Ceil(one.Time.Sub(now).Hours() / 24))
			owners = append(owners, Expiry{one.Peer.URI, one.Time, max(0, days)})
		}
	}
	return owners, err
}

// renewAll renews what the authority has ever made for peers whose key it has, also for lines that
// came later.
func renewAll(authority *identity.Authority) error {
	all, _ := authority.Expiries() // Expiries tells of those that cannot be read
	for _, one := range all {
		if err := authority.Issue(one.Peer, nil); err != nil {
			return fmt.Errorf("renew the certificate of %s: %w", one.Peer.URI, err)
		}
	}
	return nil
}

// tellExpiries logs certificates that end in two weeks, a week or a day, and those that have ended.
func tellExpiries(data string, now time.Time, logger *slog.Logger) {
	owners, err := Expiries(data, now)
	if err != nil {
		logger.Error("certificates could not be read", "error", err)
	}
	for _, one := range owners {
		if one.Days == 0 || slices.Contains(announced, one.Days) {
			logger.Warn("a certificate ends, and its owner must ask for the next one",
				"peer", one.Peer, "days_left", one.Days, "until", one.Time.UTC().Format(time.RFC3339))
		}
	}
}
