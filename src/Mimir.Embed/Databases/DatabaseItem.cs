using Mimir.Embed.Binding;

namespace Mimir.Embed.Databases;

/// <summary>An item that writes itself: its public properties and fields, the first letter of each name small, numbers and times the same in every language.</summary>
public abstract class DatabaseItem : IMcpDatabaseItem
{
    /// <inheritdoc/>
    public string ObjectId { get; set; } = "";

    /// <inheritdoc/>
    public virtual string ToJson() => ValueWriter.Write(this)!.ToJsonString();
}
