package main

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hpke"
	"crypto/rand"
	"time"

	"github.com/stafett/stafett/pkg/seal"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
	"github.com/stafett/stafett/tools/bench/internal/report"
	"github.com/stafett/stafett/tools/bench/internal/stats"
)

// seals measures sealing at a line: a text of the third bucket, and a grant.
func (b *bench) seals(ctx context.Context) error {
	blob, plain, err := sealing()
	if err != nil {
		return err
	}
	if err := b.beside(ctx, "4 KiB sealed and opened", "AES-256-GCM alone", blob, plain); err != nil {
		return err
	}
	grant, wrap, err := granting()
	if err != nil {
		return err
	}
	return b.beside(ctx, "a grant made and opened", "an HPKE wrap and unwrap", grant, wrap)
}

// beside measures a call beside its floor, in turns.
func (b *bench) beside(ctx context.Context, measure, floor string, ours, least call) error {
	var floors, values series
	for range b.rounds {
		for _, side := range []struct {
			one call
			to  *series
		}{{ours, &values}, {least, &floors}} {
			took, err := repeat(ctx, side.one, time.Now().Add(b.each))
			if err != nil {
				return err
			}
			side.to.add(stats.Median(took))
		}
	}
	b.add(report.Compare(measure, floor, report.Seconds, floors, values))
	return nil
}

// sealing returns the calls that seal and open a text, by pkg/seal and by AES-256-GCM with a ready key.
func sealing() (ours, least call, err error) {
	text, place, key := make([]byte, 4000), seal.Place{Domain: "bench", Conversation: "c", Item: "i", Kind: sealv1.Kind_KIND_BRIDGE}, seal.NewContentKey()
	block, err := aes.NewCipher(make([]byte, 32))
	if err != nil {
		return nil, nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, nil, err
	}
	ours = func(context.Context) error {
		blob, err := key.Seal(place, text)
		if err == nil {
			_, err = key.Open(place, blob)
		}
		return err
	}
	least = func(context.Context) error {
		nonce := make([]byte, aead.NonceSize())
		rand.Read(nonce)
		_, err := aead.Open(nil, nonce, aead.Seal(nil, nonce, text, nil), nil)
		return err
	}
	return ours, least, nil
}

// granting returns the calls that grant and open a content key, and that wrap and unwrap as many bytes.
func granting() (ours, least call, err error) {
	giver, err := seal.NewLine("bench", "giver", time.Now())
	if err != nil {
		return nil, nil, err
	}
	receiver, err := seal.NewLine("bench", "receiver", time.Now())
	if err != nil {
		return nil, nil, err
	}
	private, err := hpke.MLKEM768X25519().GenerateKey()
	if err != nil {
		return nil, nil, err
	}
	terms, key := &sealv1.GrantTerms{Conversation: "c", Handover: "h", Kind: sealv1.Kind_KIND_BRIDGE}, seal.NewContentKey()
	ours = func(context.Context) error {
		grant, err := giver.Grant(receiver.Sealing(), terms, key)
		if err == nil {
			_, err = receiver.OpenGrant(grant, terms, giver.Signing())
		}
		return err
	}
	least = func(context.Context) error {
		sealed, err := hpke.Seal(private.PublicKey(), hpke.HKDFSHA256(), hpke.ChaCha20Poly1305(), nil, make([]byte, 32))
		if err == nil {
			_, err = hpke.Open(private, hpke.HKDFSHA256(), hpke.ChaCha20Poly1305(), nil, sealed)
		}
		return err
	}
	return ours, least, nil
}

// sealedHandovers measures whole handovers whose words are sealed, granted and opened, beside the same
// ones without keys.
func (b *bench) sealedHandovers(ctx context.Context) error {
	pair, err := b.ours.Pair(0)
	if err != nil {
		return err
	}
	sealed, err := b.ours.Sealing(ctx, pair, 0)
	if err != nil {
		return err
	}
	ours := func(ctx context.Context) error { _, _, err := sealed.Handover(ctx); return err }
	least := func(ctx context.Context) error { _, _, err := pair.Handover(ctx); return err }
	return b.beside(ctx, "whole handover, sealed, alone, p50", "the same without keys", ours, least)
}
