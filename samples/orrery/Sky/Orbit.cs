namespace Orrery.Sky;

/// <summary>How a body goes round what it is in, at whatever distance it has.</summary>
internal sealed class Orbit
{
    private const float Most = 720;

    public float DegreesPerSecond { get; set => field = Limit.Within(-Most, Most, value, nameof(DegreesPerSecond)); }

    public bool IsRunning { get; set; } = true;
}
