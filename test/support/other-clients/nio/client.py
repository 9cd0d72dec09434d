"""A moderator's client made of matrix-nio, led by a test: questions and answers are lines of JSON.

    {"id": 1, "ask": "login", "url": "http://...", ...}   ->   {"id": 1, "answer": {...}} or {"id": 1, "error": "..."}

Each event of a timeline comes unasked as {"heard": {...}}, a second time under the same event id if a key for it came
later. It ends when its standard input does, so that none outlives its test. The same is spoken by ../mautrix.
"""

import asyncio
import base64
import json
import sys
from datetime import timedelta
from uuid import uuid4

from nio import AsyncClient, AsyncClientConfig, EncryptionError, MegolmEvent, UnknownToDeviceEvent
from nio.api import Api
from nio.crypto import decrypt_attachment
from nio.crypto.olm_machine import Olm
from nio.event_builders import EnableEncryptionBuilder
from nio.exceptions import LocalProtocolError
from nio.responses import ErrorResponse, RoomSendResponse, ShareGroupSessionResponse, SyncError

LONG_POLL_MS = 30_000
# What is further back in a busy room would not be told.
FILTER = {"room": {"timeline": {"limit": 1000}}}
LONGEST_LINE = 16 * 1024 * 1024


# A device whose messages could not be read is told so an hour after the last time; no test is that long.
Olm._unwedging_interval = timedelta(0)


class Refused(Exception):
    """The homeserver, or nio, said no."""


class Driver:
    def __init__(self):
        self.client = None
        self.following = None
        self.locked = asyncio.Lock()
        # Events whose key has not come, by event id.
        self.closed = {}
        # What senders said about keys that they do not give us, by session.
        self.withheld = {}
        # Keys of words that were said before their keys, by room.
        self.late = {}

    # The account and its device

    async def login(self, url, user, store, password=None, device=None, token=None):
        """With a token and the store of an earlier run it is that device again, otherwise a new one."""
        config = AsyncClientConfig(store_sync_tokens=True, encryption_enabled=True)
        self.client = AsyncClient(url, user, device_id=device, store_path=store, config=config)
        self.client.add_event_callback(self._hear, object)
        self.client.add_to_device_callback(self._note, UnknownToDeviceEvent)
        if token is None:
            accepted(await self.client.login(password, device_name="nio"))
        else:
            self.client.restore_login(user, device, token)
        keys = self.client.olm.account.identity_keys
        return {
            "user": self.client.user_id,
            "device": self.client.device_id,
            "token": self.client.access_token,
            "ed25519": keys["ed25519"],
            "curve25519": keys["curve25519"],
        }

    async def follow(self):
        """Resolves when everything up to now has been heard, and goes on."""
        await self._sync(timeout=0, full_state=True)
        self.following = asyncio.create_task(self._go_on())
        return {}

    async def _go_on(self):
        while True:
            try:
                await self._sync(timeout=LONG_POLL_MS, full_state=False)
            except Exception as error:  # The homeserver is being restarted by the test, or the device was logged out.
                print(f"nio: {error!r}", file=sys.stderr)
                await asyncio.sleep(0.2)

    async def _sync(self, timeout, full_state):
        response = await self.client.sync(timeout, FILTER, full_state=full_state)
        if isinstance(response, SyncError):
            raise Refused(str(response))
        async with self.locked:
            await self._keep_going()
        await self._try_again()

    async def _keep_going(self):
        """What nio wants sent beside words, as its sync_forever does."""
        client = self.client
        if client.should_upload_keys:
            accepted(await client.keys_upload())
        await self._ask_for_keys()
        if client.should_claim_keys:
            accepted(await client.keys_claim(client.get_users_for_key_claiming()))
        await client.send_to_device_messages()

    async def _ask_for_keys(self):
        if self.client.should_query_keys:
            accepted(await self.client.keys_query())

    # Hearing

    async def _hear(self, room, event):
        closed = isinstance(event, MegolmEvent)
        if closed:
            self.closed[event.event_id] = event
        self._tell(room.room_id, event, self._why_closed(event) if closed else None)

    async def _note(self, event):
        content = event.source.get("content", {})
        if event.type == "m.room_key.withheld":
            self.withheld[content.get("session_id")] = content.get("code")

    def _why_closed(self, event):
        if event.session_id in self.withheld:
            return self.withheld[event.session_id]
        try:
            self.client.decrypt_event(event)
        except EncryptionError as error:
            return str(error)
        return "closed"

    async def _try_again(self):
        for event_id, event in list(self.closed.items()):
            try:
                opened = self.client.decrypt_event(event)
            except EncryptionError:
                continue
            del self.closed[event_id]
            self._tell(event.room_id, opened, None)

    def _tell(self, room_id, event, why):
        source = getattr(event, "source", None)
        if not isinstance(source, dict) or "event_id" not in source:
            return
        opened = bool(getattr(event, "decrypted", False))
        heard = {
            "room": room_id,
            "event": source["event_id"],
            "type": source.get("type"),
            "sender": source.get("sender"),
            "stateKey": source.get("state_key"),
            "content": source.get("content", {}),
            "unsigned": source.get("unsigned", {}),
            "sealed": "closed" if why else "opened" if opened else "no",
        }
        if why:
            heard["why"] = why
        if opened:
            heard["trust"] = "verified" if event.verified else "unverified"
            heard["session"] = event.session_id
        say({"heard": heard})

    # Rooms

    async def create(self, name, invite=(), encrypted=True):
        """A private room with what nio has for making one encrypted."""
        state = [EnableEncryptionBuilder().as_dict()] if encrypted else []
        made = accepted(await self.client.room_create(name=name, invite=list(invite), initial_state=state))
        return {"room": made.room_id}

    async def encrypt(self, room):
        content = EnableEncryptionBuilder().as_dict()["content"]
        accepted(await self.client.room_put_state(room, "m.room.encryption", content))
        return {}

    async def join(self, room):
        accepted(await self.client.join(room))
        return {}

    async def leave(self, room):
        accepted(await self.client.room_leave(room))
        return {}

    async def invite(self, room, user):
        accepted(await self.client.room_invite(room, user))
        return {}

    async def knows(self, room):
        """What it believes about a room."""
        known = self.client.rooms.get(room)
        if known is None:
            return {"encrypted": False, "members": []}
        return {"encrypted": known.encrypted, "members": sorted(known.users)}

    # Speaking

    async def send(self, room, type, content, clear=False):
        """As the room is: sealed if it is encrypted. `clear` sends in clear all the same, which nio never does."""
        async with self.locked:
            if clear:
                return {"event": await self._send_clear(room, type, content)}
            await self._ask_for_keys()
            sent = await self.client.room_send(room, type, content, ignore_unverified_devices=True)
            return {"event": accepted(sent).event_id}

    async def send_before_key(self, room, type, content):
        """A word whose key is handed over only when `hand_over` is asked for: a slow network between the two."""
        client = self.client
        async with self.locked:
            await self._ask_for_keys()
            missing = client.get_missing_sessions(room)
            if missing:
                accepted(await client.keys_claim(missing))
            client.olm.create_outbound_group_session(room)
            users = list(client.rooms[room].users)
            self.late[room] = list(client.olm.share_group_session_parallel(room, users, True))
            client.olm.outbound_group_sessions[room].shared = True
            return {"event": accepted(await client.room_send(room, type, content)).event_id}

    async def hand_over(self, room):
        for sharing_with, to_device in self.late.pop(room):
            method, path, data = Api.to_device(self.client.access_token, "m.room.encrypted", to_device, uuid4())
            answer = (room, sharing_with)
            accepted(await self.client._send(ShareGroupSessionResponse, method, path, data, response_data=answer))
        return {}

    async def _send_clear(self, room, type, content):
        client = self.client
        method, path, data = Api.room_send(client.access_token, room, type, content, uuid4())
        return accepted(await client._send(RoomSendResponse, method, path, data, (room,))).event_id

    async def redact(self, room, event):
        return {"event": accepted(await self.client.room_redact(room, event)).event_id}

    async def discard(self, room):
        """The next word begins a new room session."""
        self.client.invalidate_outbound_session(room)
        return {}

    async def given(self, room):
        """The devices that were given the key of what is said in the room at present, but our own."""
        session = self.client.olm.outbound_group_sessions.get(room)
        shared = session.users_shared_with if session else set()
        return {"session": session.id if session else None, "devices": sorted(list(pair) for pair in shared)}

    # Devices of others

    async def devices(self, user):
        async with self.locked:
            self.client.olm.users_for_key_query.add(user)
            await self._ask_for_keys()
        known = self.client.device_store.active_user_devices(user)
        return {
            "devices": [
                {"device": one.id, "ed25519": one.ed25519, "trust": one.trust_state.name} for one in known
            ]
        }

    async def verify(self, user, device):
        """What a person does who has compared the fingerprints."""
        self.client.verify_device(self.client.device_store[user][device])
        return {}

    async def distrust(self, user, device):
        """Gives that device no keys from now on."""
        self.client.blacklist_device(self.client.device_store[user][device])
        return {}

    # Files

    async def upload(self, room, name, base64_bytes, mimetype="text/plain"):
        data = base64.b64decode(base64_bytes)
        response, file = await self.client.upload(
            lambda *_: data_of(data), content_type=mimetype, filename=name, encrypt=True, filesize=len(data)
        )
        file["url"] = accepted(response).content_uri
        content = {
            "msgtype": "m.file",
            "body": name,
            "file": file,
            "info": {"size": len(data), "mimetype": mimetype},
        }
        return await self.send(room, "m.room.message", content)

    async def download(self, file):
        """The bytes of an encrypted attachment."""
        response = accepted(await self.client.download(mxc=file["url"]))
        opened = decrypt_attachment(response.body, file["key"]["k"], file["hashes"]["sha256"], file["iv"])
        return {"base64_bytes": base64.b64encode(opened).decode()}


async def data_of(data):
    yield data


def accepted(response):
    if isinstance(response, ErrorResponse):
        raise Refused(str(response))
    return response


def say(line):
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


questions = {name for name in vars(Driver) if not name.startswith("_")}


async def answer(driver, question):
    asked = question.pop("ask")
    number = question.pop("id")
    try:
        if asked not in questions:
            raise Refused(f"no such question: {asked}")
        say({"id": number, "answer": await getattr(driver, asked)(**question)})
    except (Refused, EncryptionError, LocalProtocolError, KeyError, TypeError, ValueError) as error:
        say({"id": number, "error": f"{type(error).__name__}: {error}"})


async def main():
    loop = asyncio.get_running_loop()
    lines = asyncio.StreamReader(limit=LONGEST_LINE)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    driver = Driver()
    under_way = set()
    while line := await lines.readline():
        task = asyncio.create_task(answer(driver, json.loads(line)))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
    if driver.following:
        driver.following.cancel()
    if driver.client:
        await driver.client.close()


asyncio.run(main())
