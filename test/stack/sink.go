package main

import (
	"cmp"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/tta-dev/otelcol-workflow/test/rig"
)

// notification is what Alertmanager posts to a webhook, as far as it is told here.
type notification struct {
	Receiver string  `json:"receiver"`
	Alerts   []alert `json:"alerts"`
}

// alert is one that fires or has resolved.
type alert struct {
	Status      string            `json:"status"` // firing or resolved
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
	StartsAt    time.Time         `json:"startsAt"`
	EndsAt      time.Time         `json:"endsAt"`
	Fingerprint string            `json:"fingerprint"`
}

func (a alert) name() string { return a.Labels["alertname"] }

// told is what the sink knows of an alert: from the first notification on that
// it fires until the first that it has resolved.
type told struct {
	alert
	receivers []string  // that were notified, in the order of the first time
	fired     time.Time // when the first notification came
	resolved  time.Time // when it was told to be over; zero until then
}

// event is what a person wants to see of it.
type event struct {
	at       time.Time
	alert    alert
	receiver string
}

// Where the sink listens.
const (
	pathAlerts   = "/alerts"   // for webhooks
	pathMessages = "/messages" // for what is written to people
)

// sink takes what Alertmanager sends to all receivers. It is safe for concurrent use.
type sink struct {
	server http.Server
	ended  sync.WaitGroup

	mu       sync.Mutex
	alerts   []*told
	events   []event // that nobody has taken yet
	messages []string
}

// startSink has a sink listen. It must be stopped.
func startSink(ctx context.Context, p rig.Port) (*sink, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", p.Address())
	if err != nil {
		return nil, err
	}
	s := &sink{}
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+pathAlerts, s.notified)
	mux.HandleFunc("POST "+pathMessages, s.addressed)
	s.server = http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
	s.ended.Go(func() { _ = s.server.Serve(l) }) // until it is closed
	return s, nil
}

// stop ends the sink and waits for that.
func (s *sink) stop() {
	_ = s.server.Close()
	s.ended.Wait()
}

// notified takes what is posted to a webhook.
func (s *sink) notified(w http.ResponseWriter, r *http.Request) {
	var n notification
	if err := json.NewDecoder(r.Body).Decode(&n); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range n.Alerts {
		s.take(n.Receiver, a, time.Now())
	}
}

// addressed takes a message to a channel or a pager.
func (s *sink) addressed(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages = append(s.messages, string(body))
	_, _ = io.WriteString(w, "ok") // as Slack does
}

// take keeps an alert. One that fires again after it has resolved is another one.
func (s *sink) take(receiver string, a alert, now time.Time) {
	known := s.find(a)
	if known == nil {
		if a.Status != "firing" {
			return
		}
		known = &told{fired: now}
		s.alerts = append(s.alerts, known)
	}
	known.alert = a
	if !slices.Contains(known.receivers, receiver) || a.Status != "firing" {
		s.events = append(s.events, event{now, a, receiver})
	}
	if !slices.Contains(known.receivers, receiver) {
		known.receivers = append(known.receivers, receiver)
	}
	if a.Status != "firing" {
		known.resolved = now
	}
}

// find returns what is known of an alert since it fires: of the same labels and start.
func (s *sink) find(a alert) *told {
	for _, known := range s.alerts {
		if known.Fingerprint == a.Fingerprint && known.StartsAt.Equal(a.StartsAt) {
			return known
		}
	}
	return nil
}

// news returns what has come since the last call.
func (s *sink) news() []event {
	s.mu.Lock()
	defer s.mu.Unlock()
	news := s.events
	s.events = nil
	return news
}

// all returns what is known of every alert, in the order in which they fired.
func (s *sink) all() []told {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []told
	for _, known := range s.alerts {
		copied := *known
		copied.receivers = slices.Clone(known.receivers)
		all = append(all, copied)
	}
	slices.SortStableFunc(all, func(a, b told) int {
		return cmp.Or(a.StartsAt.Compare(b.StartsAt), cmp.Compare(a.name(), b.name()))
	})
	return all
}

// written are the messages to people.
func (s *sink) written() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.messages)
}
