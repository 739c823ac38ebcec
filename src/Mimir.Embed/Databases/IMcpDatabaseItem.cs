namespace Mimir.Embed.Databases;

/// <summary>Something that a database holds. <see cref="DatabaseItem"/> is one that writes itself.</summary>
public interface IMcpDatabaseItem
{
    /// <summary>Its id within the database; empty or null as long as it has none. 1 to 256 characters, no control characters.</summary>
    string ObjectId { get; set; }

    /// <summary>The item as JSON, for the model. Called often, on the thread that the database was registered for.</summary>
    string ToJson();
}
