using CodeComplete.Engine.Documents;

namespace CodeComplete.Engine.Tests.Documents;

public class ActivityTests
{
    [Fact]
    public async Task Background_work_waits_until_the_last_request_has_ended()
    {
        var activity = new Activity();
        await activity.WhenIdleAsync(CancellationToken.None);

        var first = activity.Begin();
        var second = activity.Begin();
        var waiting = activity.WhenIdleAsync(CancellationToken.None).AsTask();
        first.Dispose();
        first.Dispose();
        Assert.False(waiting.IsCompleted);

        second.Dispose();
        await waiting;
    }
}
