namespace Mimir.Configuration.Keys;

/// <summary>How a key's value is written.</summary>
public enum KeyType : byte
{
    /// <summary>A string; bounds count its characters.</summary>
    Text,

    /// <summary>An array of strings; bounds count its items. A number or boolean stands for its text.</summary>
    TextList,

    /// <summary>An object of strings; bounds count its members. A number or boolean stands for its text.</summary>
    TextMap,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Flag,

    /// <summary>One of a few words.</summary>
    Choice,

    /// <summary>A number of seconds, or a string with a unit (<c>500ms</c>, <c>30s</c>, <c>5m</c>, <c>1h</c>); bounds in milliseconds.</summary>
    Duration,

    /// <summary>A whole number of bytes, or a string with a unit (<c>64KiB</c>, <c>16MiB</c>, <c>1GiB</c>); bounds in bytes.</summary>
    Size,

    /// <summary>A whole number.</summary>
    Count,

    /// <summary>An object with a table of keys of its own.</summary>
    Group,

    /// <summary>A number, decimals allowed.</summary>
    Number,

    /// <summary>A string, or an array of strings; bounds count the items.</summary>
    TextOrList,

    /// <summary>An array of objects with a table of keys of their own; bounds count its items.</summary>
    GroupList,

    /// <summary>An object whose members are objects with a table of keys of their own; bounds count its members.</summary>
    GroupMap,

    /// <summary>An object whose members are any values; bounds count its members.</summary>
    Values,

    /// <summary>An object whose members are servers.</summary>
    Servers,
}
