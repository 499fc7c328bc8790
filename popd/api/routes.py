"""All operations of the API, one line each. To add one, write its handler and a line here."""

from typing import Any, Final

from game.charts.songs.song import Score
from popd.api import shapes
from popd.api.autoplaying import play_automatically, stop_playing
from popd.api.commands import decline_coins, reconcile_fork, send_coins, stop_daemon
from popd.api.concert_shapes import (
    AppraiseBody,
    Appraised,
    ConcertBody,
    Concerts,
    ConcertView,
    DoorAbout,
    DoorBody,
    GuestBody,
    GuestSeated,
    HideBody,
    OpinionBody,
    PhaseBody,
)
from popd.api.concerts import (
    announce_concert,
    appraise,
    come_in,
    give_opinion,
    hide_comment,
    open_door,
    read_concert,
    read_concerts,
    read_door,
    set_phase,
    shut_door,
)
from popd.api.desk import Desk
from popd.api.device_shapes import Devices, DeviceTicket, OwnValues
from popd.api.devices import forget_device, read_devices, write_device_ticket
from popd.api.dispute_shapes import (
    Disputes,
    DivergeBody,
    PhaseMap,
    Preview,
    ReconcileBody,
    ReportBody,
    StakeBody,
    UnstakeBody,
)
from popd.api.disputes import (
    diverge_from,
    read_disputes,
    read_map,
    read_preview,
    reconcile_with,
    report_block,
    stake_coins,
    unstake_coins,
)
from popd.api.doctor import read_checkup
from popd.api.import_shapes import FitBody, ImportState, MusicKept
from popd.api.importing import (
    IMPORT_QUERY,
    begin_import,
    cancel_import,
    fit_chart,
    keep_music,
    read_import,
)
from popd.api.joining import join, open_lan, read_lan, shut_lan, write_ticket
from popd.api.keeping import pin_person, read_store, unpin_person
from popd.api.key_shapes import LockingBody, UnlockBody, WalletState, Words
from popd.api.keys import (
    lock_keys,
    read_backup,
    read_wallet,
    read_words,
    set_locking,
    unlock_keys,
    write_on,
)
from popd.api.lan_shapes import JoinBody, Joined, LanBody, LanState, Ticket
from popd.api.metrics import read_metrics
from popd.api.nearby import appeal_block, judge_by_hand, read_nearby, undo_judgement
from popd.api.nearby_shapes import Appealed, BlockBody, DutyView, JudgeBody, Nearby, Unminted
from popd.api.openapi import document
from popd.api.own import read_own_map, write_own_map
from popd.api.peer_shapes import Checkup, Peers
from popd.api.peers import read_peers
from popd.api.petnames import name_person
from popd.api.play_shapes import PlayBody, Plays, PlaySummary, PlayView, Removed
from popd.api.plays import (
    export_play,
    import_play,
    read_play,
    read_plays,
    remove_play,
    save_play,
)
from popd.api.reading import (
    read_blocks,
    read_chart,
    read_purse,
    read_status,
    read_values,
)
from popd.api.room_shapes import PartBody, ReadyBody, RoomBody, Rooms
from popd.api.rooms import (
    choose_part,
    join_room,
    leave_room,
    open_room,
    read_rooms,
    set_ready,
    start_room,
)
from popd.api.routing import Call, Route
from popd.api.songs import read_music, read_score, read_songs, remove_song
from popd.api.store_shapes import PinBody, Pins, StoreState
from popd.api.tokens import Scope
from popd.api.trust import read_clusters, read_trust_map, read_trusted
from popd.api.trust_shapes import Clusters, TrustMap, TrustPerson
from popd.api.unminted import read_unminted
from popd.api.value_shapes import CoinView, Policies, PolicyBody, PolicyPreview, PolicyView
from popd.api.valuing import (
    preview_policy,
    put_policy,
    read_coin,
    read_policies,
    read_policy,
)
from popd.api.wallet_career import read_career
from popd.api.wallet_history import read_history
from popd.api.wallet_incoming import read_incoming, receive_coins
from popd.api.wallet_paying import pay, preview_payment
from popd.api.wallet_receiving import put_receives, read_receives
from popd.api.wallet_requests import read_request, write_request
from popd.api.wallet_shapes import (
    CareerView,
    History,
    Incoming,
    LinkBody,
    NameBody,
    PayBody,
    Payment,
    PaymentBody,
    ReceiveBody,
    ReceivesBody,
    ReceivesView,
    RequestBody,
    RequestLink,
    RequestView,
    WrittenEntries,
)


async def read_document(desk: Desk, call: Call) -> dict[str, Any]:
    """This document."""
    return document(ROUTES)


ROUTES: Final[tuple[Route, ...]] = (
    Route("GET", "/status", Scope.LISTEN, read_status, shapes.Status),
    Route("GET", "/peers", Scope.OWNER, read_peers, Peers),
    Route("GET", "/checkup", Scope.OWNER, read_checkup, Checkup),
    Route("GET", "/metrics", Scope.READ, read_metrics, bytes),
    Route("GET", "/songs", Scope.READ, read_songs, shapes.Songs),
    Route("GET", "/songs/{name}/score", Scope.READ, read_score, Score),
    Route("GET", "/charts/{id}", Scope.LISTEN, read_chart, shapes.Chart),
    Route("GET", "/songs/{name}/music", Scope.READ, read_music, bytes),
    Route("POST", "/songs/{name}/music", Scope.OWNER, keep_music, MusicKept, bytes, ("file",)),
    Route("POST", "/songs/{name}/fit", Scope.OWNER, fit_chart, shapes.ChartSummary, FitBody),
    Route("POST", "/imports", Scope.OWNER, begin_import, ImportState, bytes, IMPORT_QUERY),
    Route("GET", "/imports/{id}", Scope.OWNER, read_import, ImportState),
    Route("DELETE", "/imports/{id}", Scope.OWNER, cancel_import, ImportState),
    Route("DELETE", "/songs/{name}", Scope.OWNER, remove_song, Removed),
    Route("GET", "/plays", Scope.PLAY, read_plays, Plays),
    Route("POST", "/plays", Scope.PLAY, save_play, PlaySummary, PlayBody),
    Route("GET", "/plays/{id}", Scope.PLAY, read_play, PlayView),
    Route("DELETE", "/plays/{id}", Scope.OWNER, remove_play, Removed),
    Route("GET", "/plays/{id}/file", Scope.PLAY, export_play, bytes),
    Route("POST", "/plays/file", Scope.OWNER, import_play, PlaySummary, bytes),
    Route("GET", "/purse", Scope.OWNER, read_purse, shapes.Purse, query=("as",)),
    Route("GET", "/values", Scope.OWNER, read_values, shapes.Values, query=("lot", "observer")),
    Route("GET", "/blocks", Scope.READ, read_blocks, shapes.Blocks, query=("session",)),
    Route("POST", "/send", Scope.OWNER, send_coins, shapes.Written, shapes.SendBody),
    Route("POST", "/decline", Scope.OWNER, decline_coins, shapes.Written, shapes.DeclineBody),
    Route("POST", "/reconcile", Scope.OWNER, reconcile_fork, shapes.Written, shapes.NoBody),
    Route("POST", "/autoplay", Scope.OWNER, play_automatically, shapes.Played, shapes.AutoplayBody),
    Route("POST", "/stop-playing", Scope.OWNER, stop_playing, shapes.Halted, shapes.NoBody),
    Route("POST", "/stop-daemon", Scope.OWNER, stop_daemon, shapes.Stopping, shapes.NoBody),
    Route("GET", "/lan", Scope.OWNER, read_lan, LanState),
    Route("POST", "/lan", Scope.OWNER, open_lan, LanState, LanBody),
    Route("DELETE", "/lan", Scope.OWNER, shut_lan, LanState),
    Route("GET", "/rooms", Scope.PLAY, read_rooms, Rooms),
    Route("POST", "/rooms", Scope.PLAY, open_room, Rooms, PartBody),
    Route("POST", "/rooms/join", Scope.PLAY, join_room, Rooms, RoomBody),
    Route("POST", "/rooms/leave", Scope.PLAY, leave_room, Rooms, shapes.NoBody),
    Route("POST", "/rooms/part", Scope.PLAY, choose_part, Rooms, PartBody),
    Route("POST", "/rooms/ready", Scope.PLAY, set_ready, Rooms, ReadyBody),
    Route("POST", "/rooms/start", Scope.PLAY, start_room, Rooms, shapes.NoBody),
    Route("GET", "/concerts", Scope.LISTEN, read_concerts, Concerts),
    Route("POST", "/concerts", Scope.OWNER, announce_concert, ConcertView, ConcertBody),
    Route("GET", "/concerts/{id}", Scope.LISTEN, read_concert, ConcertView),
    Route("POST", "/concerts/{id}/phase", Scope.OWNER, set_phase, ConcertView, PhaseBody),
    Route("POST", "/concerts/{id}/door", Scope.OWNER, open_door, ConcertView, DoorBody),
    Route("DELETE", "/concerts/{id}/door", Scope.OWNER, shut_door, ConcertView),
    Route("POST", "/concerts/{id}/opinion", Scope.RATE, give_opinion, ConcertView, OpinionBody),
    Route("POST", "/concerts/{id}/appraise", Scope.RATE, appraise, Appraised, AppraiseBody),
    Route(
        "POST",
        "/concerts/{id}/comments/{comment}",
        Scope.OWNER,
        hide_comment,
        ConcertView,
        HideBody,
    ),
    Route("GET", "/guest", Scope.DOOR, read_door, DoorAbout),
    Route("POST", "/guest", Scope.DOOR, come_in, GuestSeated, GuestBody),
    Route("GET", "/store", Scope.OWNER, read_store, StoreState),
    Route("POST", "/store/pins", Scope.OWNER, pin_person, Pins, PinBody),
    Route("DELETE", "/store/pins/{id}", Scope.OWNER, unpin_person, Pins),
    Route("POST", "/tickets", Scope.OWNER, write_ticket, Ticket, shapes.NoBody),
    Route("POST", "/join", Scope.JOIN, join, Joined, JoinBody),
    Route("GET", "/nearby", Scope.READ, read_nearby, Nearby),
    Route("POST", "/nearby/judge", Scope.OWNER, judge_by_hand, DutyView, JudgeBody),
    Route("POST", "/nearby/undo", Scope.OWNER, undo_judgement, DutyView, BlockBody),
    Route("POST", "/nearby/appeal", Scope.OWNER, appeal_block, Appealed, BlockBody),
    Route("GET", "/unminted", Scope.OWNER, read_unminted, Unminted),
    Route("GET", "/disputes", Scope.OWNER, read_disputes, Disputes),
    Route("GET", "/disputes/preview", Scope.OWNER, read_preview, Preview, query=("diverge",)),
    Route("GET", "/disputes/map", Scope.OWNER, read_map, PhaseMap),
    Route("GET", "/trust/map", Scope.READ, read_trust_map, TrustMap),
    Route("GET", "/trust/people/{id}", Scope.READ, read_trusted, TrustPerson),
    Route("GET", "/trust/clusters", Scope.READ, read_clusters, Clusters),
    Route("POST", "/stake", Scope.OWNER, stake_coins, shapes.Written, StakeBody),
    Route("POST", "/unstake", Scope.OWNER, unstake_coins, shapes.Written, UnstakeBody),
    Route("POST", "/report", Scope.OWNER, report_block, shapes.Written, ReportBody),
    Route("POST", "/diverge", Scope.OWNER, diverge_from, shapes.Written, DivergeBody),
    Route("POST", "/reconcile-with", Scope.OWNER, reconcile_with, shapes.Written, ReconcileBody),
    Route("GET", "/value/coins/{lot}", Scope.OWNER, read_coin, CoinView, query=("path", "as")),
    Route("GET", "/value/policy", Scope.OWNER, read_policy, PolicyView),
    Route("PUT", "/value/policy", Scope.OWNER, put_policy, PolicyView, PolicyBody),
    Route("POST", "/value/policy/preview", Scope.OWNER, preview_policy, PolicyPreview, PolicyBody),
    Route("GET", "/value/policies", Scope.OWNER, read_policies, Policies),
    Route("GET", "/wallet/receives", Scope.OWNER, read_receives, ReceivesView),
    Route("PUT", "/wallet/receives", Scope.OWNER, put_receives, ReceivesView, ReceivesBody),
    Route("GET", "/wallet/incoming", Scope.OWNER, read_incoming, Incoming),
    Route("POST", "/wallet/receive", Scope.OWNER, receive_coins, WrittenEntries, ReceiveBody),
    Route("POST", "/wallet/preview", Scope.OWNER, preview_payment, Payment, PaymentBody),
    Route("POST", "/wallet/pay", Scope.OWNER, pay, WrittenEntries, PayBody),
    Route("POST", "/wallet/request", Scope.OWNER, write_request, RequestLink, RequestBody),
    Route("POST", "/wallet/read-request", Scope.OWNER, read_request, RequestView, LinkBody),
    Route(
        "GET",
        "/wallet/history",
        Scope.OWNER,
        read_history,
        History,
        query=("since", "until", "format"),
    ),
    Route("GET", "/wallet/career", Scope.OWNER, read_career, CareerView, query=("of",)),
    Route("POST", "/people/{id}/name", Scope.OWNER, name_person, shapes.Person, NameBody),
    Route("GET", "/wallet", Scope.OWNER, read_wallet, WalletState),
    Route("POST", "/wallet/lock", Scope.OWNER, lock_keys, WalletState, shapes.NoBody),
    Route("POST", "/wallet/unlock", Scope.OWNER, unlock_keys, WalletState, UnlockBody),
    Route("PUT", "/wallet/locking", Scope.OWNER, set_locking, WalletState, LockingBody),
    Route("POST", "/wallet/write-on", Scope.OWNER, write_on, WalletState, shapes.NoBody),
    Route("GET", "/wallet/backup", Scope.OWNER, read_backup, bytes),
    Route("GET", "/devices", Scope.OWNER, read_devices, Devices),
    Route("POST", "/devices/ticket", Scope.OWNER, write_device_ticket, DeviceTicket, shapes.NoBody),
    Route("DELETE", "/devices/{node}", Scope.OWNER, forget_device, Devices),
    Route("GET", "/own/{map}", Scope.PLAY, read_own_map, OwnValues),
    Route("PUT", "/own/{map}", Scope.OWNER, write_own_map, OwnValues, OwnValues),
    Route("GET", "/words", Scope.LISTEN, read_words, Words),
    Route("GET", "/openapi.json", Scope.READ, read_document, dict[str, Any]),
)
