namespace CodeComplete.Memory.Tests;

/// <summary>A clock that stands still until a test moves it, forwards or backwards.</summary>
internal sealed class Clock : TimeProvider
{
    private DateTimeOffset _now = new(2025, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public void Move(TimeSpan by) => _now += by;

    public override DateTimeOffset GetUtcNow() => _now;
}
