namespace Mimir.Supervisor.Launching;

/// <summary>The folder that gates are made in: this Mimir's own, or when it has none and one is needed, one of the moment.</summary>
internal sealed class GatePlace : IDisposable
{
    private readonly bool _ofTheMoment;

    private GatePlace(string? path, bool ofTheMoment) => (Path, _ofTheMoment) = (path, ofTheMoment);

    /// <summary>The folder, which nobody else may enter; null for none.</summary>
    internal string? Path { get; }

    /// <summary>Finds or makes one.</summary>
    /// <param name="own">This Mimir's own folder, or null.</param>
    /// <param name="needed">Whether the child has limits, which must be set before it runs.</param>
    internal static GatePlace For(string? own, bool needed)
    {
        if (own is not null || !needed)
            return new GatePlace(own, ofTheMoment: false);
        try
        {
            return new GatePlace(Directory.CreateTempSubdirectory("mimir-").FullName, ofTheMoment: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nowhere to wait: the limits come right after its start.
            return new GatePlace(null, ofTheMoment: false);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            if (_ofTheMoment)
                Directory.Delete(Path!, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // somebody else has taken it away, or an empty folder stays among what is temporary
        }
    }
}
