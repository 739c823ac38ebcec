namespace Mimir.Embed.Databases;

/// <summary>A database that is read from somewhere, as often as it takes.</summary>
/// <typeparam name="T">The type of the items.</typeparam>
public interface IMcpScannableDatabase<T> : IMcpDatabase<T>
    where T : class, IMcpDatabaseItem
{
    /// <summary>Gives the items; null when the database is filled by hand. Set while it runs itself, it holds for that read only.</summary>
    Func<CancellationToken, ValueTask<IEnumerable<T>>>? ReadFunction { get; set; }

    /// <summary>Reads at once. Only with a read function that waits for nothing.</summary>
    /// <exception cref="InvalidOperationException">There is no read function, it waits for something, or another read runs. The content is as it was.</exception>
    void Read();

    /// <summary>Reads. The new content takes the place of the old when all of it is there; when the read fails, the old one stays.</summary>
    /// <param name="cancellation">Given to the read function.</param>
    /// <exception cref="InvalidOperationException">There is no read function.</exception>
    Task ReadAsync(CancellationToken cancellation = default);
}
