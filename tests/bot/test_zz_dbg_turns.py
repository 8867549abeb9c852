from tests.bot.turn_world import *
async def test_x(world):
    amina = await world.person()
    await amina.onboards("job")
    for _ in range(6):
        await amina.says("start"); await amina.skips_all(); world.clock.forward(days=7)
    await amina.says("start")
    print(await amina.conversations(), amina.waits.step)
    assert 0
