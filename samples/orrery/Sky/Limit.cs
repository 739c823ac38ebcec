namespace Orrery.Sky;

/// <summary>What a sky takes, whoever asks: numbers beyond it cannot be drawn.</summary>
internal static class Limit
{
    /// <summary>A number that is from the least to the most.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static float Within(float least, float most, float value, string what) =>
        value >= least && value <= most ? value : throw new ArgumentException(FormattableString.Invariant($"{what} is {value}: this sky takes {least} to {most}."));
}
