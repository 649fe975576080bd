@file:JvmName("SettingValues")

package configcat.management

import configcat.management.models.SettingValue

/** Creates the value of a boolean flag. */
public fun settingValue(value: Boolean): SettingValue = SettingValue.Boolean(value)

/** Creates the value of a string setting. */
public fun settingValue(value: String): SettingValue = SettingValue.String(value)

/** Creates the value of a whole number setting. */
public fun settingValue(value: Int): SettingValue = SettingValue.Int(value)

/** Creates the value of a decimal number setting. */
public fun settingValue(value: Double): SettingValue = SettingValue.Double(value)

/** The value of a boolean flag; `null` for other types. */
public val SettingValue.asBoolean: Boolean?
    get() = (this as? SettingValue.Boolean)?.v1

/** The value of a string setting; `null` for other types. */
public val SettingValue.asString: String?
    get() = (this as? SettingValue.String)?.v1

/** The value of a whole number setting; `null` for other types. */
public val SettingValue.asInt: Int?
    get() = (this as? SettingValue.Int)?.v1

/** The value of a decimal number setting; `null` for other types. */
public val SettingValue.asDouble: Double?
    get() = (this as? SettingValue.Double)?.v1

/** The value as a string for display: `true`, `on`, `1`, `1.5`. */
public val SettingValue.text: String
    get() = when (this) {
        is SettingValue.Boolean -> v1.toString()
        is SettingValue.String -> v1
        is SettingValue.Int -> v1.toString()
        is SettingValue.Double -> v1.toString()
    }
