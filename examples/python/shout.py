import asyncio, json, os
import nats
from nats.micro import add_service

NAME = "shout"
ABOUT = "Says it louder."

async def turn(request):
    texts = [message["text"] for message in json.loads(request.data)["messages"]]
    if "think" in texts[-1]:                                     # at it; shown as typing, 10 s more
        await request.respond(json.dumps({"working": True, "extend_ms": 10_000}).encode())
        await asyncio.sleep(7)
    if "help" in texts[-1]:
        reply = {"messages": [], "then": {"handoff": {"reason": "asked for help"}}}
    else:
        reply = {"messages": [{"text": text.upper()} for text in texts], "then": "wait"}
    await request.respond(json.dumps(reply).encode())

async def main():
    connection = await nats.connect(os.environ.get("NATS_URL", "nats://127.0.0.1:4222"),
                                    inbox_prefix=f"_INBOX.automation-{NAME}", max_reconnect_attempts=-1)
    service = await add_service(
        connection, name=NAME, version="1.0.0", description=ABOUT,
        metadata={"switchboard": "automation", "title": "Shout", "description": ABOUT})
    await service.add_endpoint(
        name="turn", subject=f"switchboard.v1.automation.{NAME}.turn", queue_group="q", handler=turn)
    await asyncio.Event().wait()

asyncio.run(main())
