namespace Mimir.Cli.Terminal;

/// <summary>Lines that someone types, or that a script pipes in.</summary>
internal interface ILineSource
{
    /// <summary>The longest line taken, in characters.</summary>
    const int MaxLength = 64 * 1024;

    /// <summary>The next line without its end, or null when there are no more.</summary>
    /// <param name="cancellationToken">Stops waiting; a line that comes later is given to the next caller.</param>
    /// <exception cref="InvalidDataException">A line is longer than <see cref="MaxLength"/>.</exception>
    ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken);
}
