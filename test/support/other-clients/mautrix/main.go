// A moderator's client made of mautrix-go with goolm, led by a test: questions and answers are lines of JSON on
// standard input and output, as ../nio/client.py tells. Its keys are in memory, so it cannot be closed and come back.
// It has what nio lacks: an identity of its own, pinned identities of others, no keys for devices that nobody signed.
package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sort"
	"sync"
	"time"

	"github.com/rs/zerolog"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/crypto"
	"maunium.net/go/mautrix/crypto/attachment"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

const (
	longestLine   = 16 * 1024 * 1024
	timelineLimit = 1000
	syncPause     = 200 * time.Millisecond
)

type object = map[string]any

func main() {
	driver := &driver{closed: map[id.EventID]*event.Event{}, caughtUp: make(chan struct{})}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, longestLine)
	for lines.Scan() {
		var question question
		if err := json.Unmarshal(lines.Bytes(), &question); err != nil {
			fmt.Fprintln(os.Stderr, err)
			continue
		}
		go driver.take(question)
	}
}

type question struct {
	ID        int            `json:"id"`
	Ask       string         `json:"ask"`
	URL       string         `json:"url"`
	User      id.UserID      `json:"user"`
	Password  string         `json:"password"`
	Key       string         `json:"recovery_key"`
	Name      string         `json:"name"`
	Invite    []id.UserID    `json:"invite"`
	Encrypted *bool          `json:"encrypted"`
	Room      id.RoomID      `json:"room"`
	Event     id.EventID     `json:"event"`
	Type      string         `json:"type"`
	Content   object         `json:"content"`
	Clear     bool           `json:"clear"`
	Device    id.DeviceID    `json:"device"`
	Bytes     []byte         `json:"base64_bytes"`
	Mimetype  string         `json:"mimetype"`
	File      *encryptedFile `json:"file"`
}

type encryptedFile struct {
	attachment.EncryptedFile
	URL id.ContentURIString `json:"url"`
}

type driver struct {
	client   *mautrix.Client
	machine  *crypto.OlmMachine
	output   sync.Mutex
	sending  sync.Mutex
	keys     sync.Mutex
	closed   map[id.EventID]*event.Event
	caughtUp chan struct{}
	once     sync.Once
}

func (d *driver) take(question question) {
	answer, err := d.answer(context.Background(), question)
	if err != nil {
		d.say(object{"id": question.ID, "error": err.Error()})
		return
	}
	if answer == nil {
		answer = object{}
	}
	d.say(object{"id": question.ID, "answer": answer})
}

func (d *driver) say(line object) {
	d.output.Lock()
	defer d.output.Unlock()
	_ = json.NewEncoder(os.Stdout).Encode(line)
}

func (d *driver) answer(ctx context.Context, q question) (object, error) {
	switch q.Ask {
	case "login":
		return d.login(ctx, q)
	case "identity":
		return d.identity(ctx, q)
	case "adopt":
		return nil, d.machine.VerifyWithRecoveryKey(ctx, q.Key)
	case "follow":
		go func() {
			if err := d.client.SyncWithContext(ctx); err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
		}()
		<-d.caughtUp
		return nil, nil
	case "create":
		return d.create(ctx, q)
	case "encrypt":
		_, err := d.client.SendStateEvent(ctx, q.Room, event.StateEncryption, "", encryption())
		return nil, err
	case "join":
		_, err := d.client.JoinRoomByID(ctx, q.Room)
		return nil, err
	case "leave":
		_, err := d.client.LeaveRoom(ctx, q.Room)
		return nil, err
	case "invite":
		_, err := d.client.InviteUser(ctx, q.Room, &mautrix.ReqInviteUser{UserID: q.User})
		return nil, err
	case "knows":
		return d.knows(ctx, q)
	case "send":
		return d.send(ctx, q)
	case "redact":
		return sent(d.client.RedactEvent(ctx, q.Room, q.Event))
	case "discard":
		return nil, d.machine.CryptoStore.RemoveOutboundGroupSession(ctx, q.Room)
	case "given":
		return d.given(ctx, q)
	case "devices":
		return d.devices(ctx, q)
	case "verify":
		return nil, d.trust(ctx, q, id.TrustStateVerified)
	case "distrust":
		return nil, d.trust(ctx, q, id.TrustStateBlacklisted)
	case "upload":
		return d.upload(ctx, q)
	case "download":
		return d.download(ctx, q)
	}
	return nil, fmt.Errorf("no such question: %s", q.Ask)
}

// The account and its device

func (d *driver) login(ctx context.Context, q question) (object, error) {
	client, err := mautrix.NewClient(q.URL, "", "")
	if err != nil {
		return nil, err
	}
	d.client = client
	client.Log = zerolog.Nop()
	_, err = client.Login(ctx, &mautrix.ReqLogin{
		Type:                     mautrix.AuthTypePassword,
		Identifier:               mautrix.UserIdentifier{Type: mautrix.IdentifierTypeUser, User: q.User.String()},
		Password:                 q.Password,
		InitialDeviceDisplayName: "mautrix",
		StoreCredentials:         true,
	})
	if err != nil {
		return nil, err
	}
	client.StateStore = mautrix.NewMemoryStateStore()
	log := zerolog.Nop()
	d.machine = crypto.NewOlmMachine(client, &log, crypto.NewMemoryStore(nil), client.StateStore.(crypto.StateStore))
	// What Element has done since April 2026: devices that their owner has not signed get no keys.
	d.machine.SendKeysMinTrust = id.TrustStateCrossSignedTOFU
	if err = d.machine.Load(ctx); err != nil {
		return nil, err
	}
	if err = d.machine.ShareKeys(ctx, -1); err != nil {
		return nil, err
	}
	d.listen()
	own := d.machine.OwnIdentity()
	return object{
		"user":       client.UserID,
		"device":     client.DeviceID,
		"token":      client.AccessToken,
		"ed25519":    own.SigningKey,
		"curve25519": own.IdentityKey,
	}, nil
}

func (d *driver) identity(ctx context.Context, q question) (object, error) {
	key, _, err := d.machine.GenerateAndUploadCrossSigningKeysWithPassword(ctx, q.Password, "")
	if err != nil {
		return nil, err
	}
	if err = d.machine.SignOwnDevice(ctx, d.machine.OwnIdentity()); err != nil {
		return nil, err
	}
	return object{"recovery_key": key}, d.machine.SignOwnMasterKey(ctx)
}

// Hearing

type syncer struct {
	*mautrix.DefaultSyncer
	driver *driver
}

func (s *syncer) ProcessResponse(ctx context.Context, res *mautrix.RespSync, since string) error {
	err := s.DefaultSyncer.ProcessResponse(ctx, res, since)
	s.driver.tryAgain(ctx)
	s.driver.once.Do(func() { close(s.driver.caughtUp) })
	return err
}

// The homeserver may be restarted by the test.
func (s *syncer) OnFailedSync(_ *mautrix.RespSync, err error) (time.Duration, error) {
	if errors.Is(err, mautrix.MUnknownToken) {
		return 0, err
	}
	return syncPause, nil
}

func (d *driver) listen() {
	inner := mautrix.NewDefaultSyncer()
	inner.FilterJSON = &mautrix.Filter{
		Room: &mautrix.RoomFilter{Timeline: &mautrix.FilterPart{Limit: timelineLimit}},
	}
	inner.OnSync(d.machine.ProcessSyncResponse)
	inner.OnEvent(d.client.StateStoreSyncHandler)
	inner.OnEventType(event.StateMember, d.machine.HandleMemberEvent)
	inner.OnEventType(event.StateHistoryVisibility, d.machine.HandleHistoryVisibility)
	inner.OnEvent(d.hear)
	d.client.Syncer = &syncer{inner, d}
}

func (d *driver) hear(ctx context.Context, evt *event.Event) {
	if evt.Mautrix.EventSource&event.SourceTimeline == 0 {
		return
	}
	if evt.Type != event.EventEncrypted || len(evt.Content.Raw) == 0 {
		d.tell(evt, "no", "")
		return
	}
	opened, err := d.machine.DecryptMegolmEvent(ctx, evt)
	if err != nil {
		d.closed[evt.ID] = evt
		d.tell(evt, "closed", err.Error())
		return
	}
	d.tell(opened, "opened", "")
}

func (d *driver) tryAgain(ctx context.Context) {
	for eventID, evt := range d.closed {
		if opened, err := d.machine.DecryptMegolmEvent(ctx, evt); err == nil {
			delete(d.closed, eventID)
			d.tell(opened, "opened", "")
		}
	}
}

func (d *driver) tell(evt *event.Event, sealed, why string) {
	content := evt.Content.Raw
	if content == nil {
		content = object{}
	}
	heard := object{
		"room":     evt.RoomID,
		"event":    evt.ID,
		"type":     evt.Type.Type,
		"sender":   evt.Sender,
		"stateKey": evt.StateKey,
		"content":  content,
		"unsigned": evt.Unsigned,
		"sealed":   sealed,
	}
	if why != "" {
		heard["why"] = why
	}
	if sealed == "opened" {
		heard["trust"] = evt.Mautrix.TrustState.String()
	}
	d.say(object{"heard": heard})
}

// Rooms

func encryption() *event.EncryptionEventContent {
	return &event.EncryptionEventContent{Algorithm: id.AlgorithmMegolmV1}
}

func (d *driver) create(ctx context.Context, q question) (object, error) {
	request := &mautrix.ReqCreateRoom{Name: q.Name, Invite: q.Invite, Preset: "private_chat"}
	if q.Encrypted == nil || *q.Encrypted {
		content := event.Content{Parsed: encryption()}
		request.InitialState = []*event.Event{{Type: event.StateEncryption, Content: content}}
	}
	made, err := d.client.CreateRoom(ctx, request)
	if err != nil {
		return nil, err
	}
	return object{"room": made.RoomID}, nil
}

func (d *driver) knows(ctx context.Context, q question) (object, error) {
	encrypted, err := d.client.StateStore.IsEncrypted(ctx, q.Room)
	if err != nil {
		return nil, err
	}
	members, err := d.client.StateStore.GetRoomJoinedOrInvitedMembers(ctx, q.Room)
	sort.Slice(members, func(i, j int) bool { return members[i] < members[j] })
	return object{"encrypted": encrypted, "members": members}, err
}

// Speaking

func (d *driver) send(ctx context.Context, q question) (object, error) {
	d.sending.Lock()
	defer d.sending.Unlock()
	eventType := event.Type{Type: q.Type, Class: event.MessageEventType}
	encrypted, err := d.client.StateStore.IsEncrypted(ctx, q.Room)
	if err != nil {
		return nil, err
	}
	// Reactions are in clear with every client.
	if !encrypted || q.Clear || eventType == event.EventReaction {
		return sent(d.client.SendMessageEvent(ctx, q.Room, eventType, q.Content))
	}
	sealed, err := d.machine.EncryptMegolmEvent(ctx, q.Room, eventType, q.Content)
	if crypto.IsShareError(err) {
		members, failed := d.client.StateStore.GetRoomJoinedOrInvitedMembers(ctx, q.Room)
		if failed != nil {
			return nil, failed
		}
		if err = d.machine.ShareGroupSession(ctx, q.Room, members); err != nil {
			return nil, err
		}
		sealed, err = d.machine.EncryptMegolmEvent(ctx, q.Room, eventType, q.Content)
	}
	if err != nil {
		return nil, err
	}
	return sent(d.client.SendMessageEvent(ctx, q.Room, event.EventEncrypted, sealed))
}

func sent(response *mautrix.RespSendEvent, err error) (object, error) {
	if err != nil {
		return nil, err
	}
	return object{"event": response.EventID}, nil
}

func (d *driver) given(ctx context.Context, q question) (object, error) {
	session, err := d.machine.CryptoStore.GetOutboundGroupSession(ctx, q.Room)
	if err != nil || session == nil {
		return object{"session": nil, "devices": [][2]string{}}, err
	}
	devices := [][2]string{}
	for device, state := range session.Users {
		if state == crypto.OGSAlreadyShared {
			devices = append(devices, [2]string{device.UserID.String(), device.DeviceID.String()})
		}
	}
	sort.Slice(devices, func(i, j int) bool { return fmt.Sprint(devices[i]) < fmt.Sprint(devices[j]) })
	return object{"session": session.ID(), "devices": devices}, nil
}

// Devices of others

func (d *driver) devices(ctx context.Context, q question) (object, error) {
	d.keys.Lock()
	defer d.keys.Unlock()
	if _, err := d.machine.FetchKeys(ctx, []id.UserID{q.User}, true); err != nil {
		return nil, err
	}
	known, err := d.machine.CryptoStore.GetDevices(ctx, q.User)
	if err != nil {
		return nil, err
	}
	devices := []object{}
	for _, device := range known {
		trust, err := d.machine.ResolveTrustContext(ctx, device)
		if err != nil {
			return nil, err
		}
		devices = append(devices, object{
			"device": device.DeviceID, "ed25519": device.SigningKey, "trust": trust.String(),
		})
	}
	return object{"devices": devices}, nil
}

func (d *driver) trust(ctx context.Context, q question, trust id.TrustState) error {
	device, err := d.machine.GetOrFetchDevice(ctx, q.User, q.Device)
	if err != nil {
		return err
	}
	device.Trust = trust
	return d.machine.CryptoStore.PutDevice(ctx, q.User, device)
}

// Files

func (d *driver) upload(ctx context.Context, q question) (object, error) {
	file := attachment.NewEncryptedFile()
	uploaded, err := d.client.UploadBytesWithName(ctx, file.Encrypt(q.Bytes), "application/octet-stream", q.Name)
	if err != nil {
		return nil, err
	}
	if q.Mimetype == "" {
		q.Mimetype = "text/plain"
	}
	q.Type = event.EventMessage.Type
	q.Content = object{
		"msgtype": "m.file",
		"body":    q.Name,
		"file":    encryptedFile{*file, uploaded.ContentURI.CUString()},
		"info":    object{"size": len(q.Bytes), "mimetype": q.Mimetype},
	}
	return d.send(ctx, q)
}

func (d *driver) download(ctx context.Context, q question) (object, error) {
	uri, err := q.File.URL.Parse()
	if err != nil {
		return nil, err
	}
	data, err := d.client.DownloadBytes(ctx, uri)
	if err != nil {
		return nil, err
	}
	opened, err := q.File.Decrypt(data)
	if err != nil {
		return nil, err
	}
	return object{"base64_bytes": base64.StdEncoding.EncodeToString(opened)}, nil
}
